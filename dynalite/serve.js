// Runs dynalite, a DynamoDB engine. It prints the port that the system gave it, and ends when its input does: that is when the
// process that started it ends, however it ends.
'use strict'
const dynalite = require('dynalite')

const server = dynalite({ createTableMs: 0 })
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('end', () => process.exit(0)).resume()
