package identitypool

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
)

// kind is the kind of an identity id's holder.
type kind string

const (
	nobody   kind = ""
	guest    kind = "guest"
	customer kind = "customer"
)

// An identity id is "<region>:<uuid>". The first coreLength bytes of the UUID are random for guests, and made of
// provider and subject for customers, who get the same id each time. The other bytes prove which of the two it is. So
// ids survive restarts, and guests need no memory. Ids are not secret: a customer's id is useless without the login.
const coreLength = 10

func (p *Pool) guestID() string {
	core := make([]byte, coreLength)
	_, _ = rand.Read(core) // never fails, see its documentation
	return p.id(guest, core)
}

func (p *Pool) customerID(who *login) string {
	hash := sha256.Sum256([]byte(who.provider + "\x00" + who.subject))
	return p.id(customer, hash[:coreLength])
}

func (p *Pool) id(of kind, core []byte) string {
	check := sha256.Sum256([]byte(p.stage.IdentityPool.ID + "\x00" + string(of) + "\x00" + string(core)))
	digits := hex.EncodeToString(append(core[:coreLength:coreLength], check[:16-coreLength]...))
	uuid := strings.Join([]string{digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]}, "-")
	return p.stage.Region + ":" + uuid
}

// kindOf returns the kind of an id's holder, or nobody for an id of another pool.
func (p *Pool) kindOf(id string) kind {
	_, uuid, _ := strings.Cut(id, ":")
	bytes, err := hex.DecodeString(strings.ReplaceAll(uuid, "-", ""))
	if err != nil || len(bytes) != 16 {
		return nobody
	}
	for _, of := range []kind{guest, customer} {
		if subtle.ConstantTimeCompare([]byte(p.id(of, bytes[:coreLength])), []byte(id)) == 1 {
			return of
		}
	}
	return nobody
}
