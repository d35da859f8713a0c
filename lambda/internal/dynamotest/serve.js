// Runs dynalite, a DynamoDB engine, for the tests of one package. It prints the
// port that the system gave it, so that packages tested at once do not meet, and
// ends when its input does: that is when the test process ends, however it ends.
'use strict'
const dynalite = require('dynalite')

const server = dynalite({ createTableMs: 0 })
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('end', () => process.exit(0)).resume()
