package apigateway

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// CacheAfter is how many tokens an authorizer with a TTL keeps after it has seen some.
func CacheAfter(ttl time.Duration, tokens int) int {
	a := &authorizer{ttl: ttl, cache: map[[sha256.Size]byte]cached{}}
	now := time.Unix(1e9, 0)
	for i := range tokens {
		var digest [sha256.Size]byte
		binary.BigEndian.PutUint64(digest[:], uint64(i))
		a.keep(digest, token{expires: now.Add(time.Hour)}, now)
	}
	return len(a.cache)
}
