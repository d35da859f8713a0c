// Package walk does what a newcomer does: it clones the repository and runs the commands of the documents as they are
// written. The walk takes many minutes, so it needs the build tag walk (`make walk`). Without the tag, the package
// finds commands that the walk would leave out.
package walk
