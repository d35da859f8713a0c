// Runs dynalite, a DynamoDB engine. It prints the port that the system gave it, and ends when its input does: that is when the
// process that started it ends, however it ends.
'use strict'
const dynalite = require('dynalite')

// dynalite ends its iterators over a table by return(), which those of its database do not have: every Query and Scan would leave
// some 3 kB behind for ever. They have close().
const { AbstractKeyIterator, AbstractValueIterator } = require(require.resolve('abstract-level', { paths: [require.resolve('dynalite')] }))
for (const iterator of [AbstractKeyIterator, AbstractValueIterator]) {
  iterator.prototype.return ??= function () { return this.close() }
}

const server = dynalite({ createTableMs: 0 })
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('end', () => process.exit(0)).resume()
