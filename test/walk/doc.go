// Package walk takes the way of a newcomer: a fresh clone, and the commands of the documents as they stand there. It
// takes many minutes, so it is behind the build tag walk: `make walk`. Without the tag it finds commands that nobody
// would walk.
package walk
