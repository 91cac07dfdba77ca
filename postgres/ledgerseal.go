package postgres

import (
	"bytes"
	"compress/flate"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

const (
	keySize    = 32   // AES-256-GCM
	keptKeys   = 4096 // unwrapped ones in memory
	deflateMin = 512  // bytes from which on it is worth it: decisions
)

func wrapContext(token proof.Sum, id string) []byte {
	return fmt.Appendf(nil, "patchcord data key 1\n%s\n%s", token, id)
}

// sealContext binds what is sealed to its row: to the id and all that the columns
// say. Rows of before the upgrade had the token and the id alone.
func sealContext(r *proof.Row, id string) []byte {
	if r.Version() == 1 {
		return fmt.Appendf(nil, "patchcord fact 1\n%s\n%s", r.Token, id)
	}
	return append(append(r.AppendHead([]byte("patchcord fact 2\n")), '\n'), id...)
}

// seal is the personal part of a fact, bound to the row, whose columns are filled,
// and its id.
func (k *dataKey) seal(r *proof.Row, id string, f consent.Fact) (proof.Sealed, error) {
	private, err := proof.Private(f, rand.Text())
	if err != nil {
		return proof.Sealed{}, err
	}
	sealed, err := k.aead.Encrypt(deflate(private), sealContext(r, id))
	if err != nil {
		return proof.Sealed{}, errors.New("postgres: can't encrypt a fact")
	}
	return proof.Sealed{ID: id, Key: k.id, Sealed: sealed, Sum: proof.Leaf(private).String()}, nil
}

// unseal is what [dataKey.seal] was given. It is nil if it was sealed under a key
// that is gone: the person was erased, and perhaps has come back.
func (k *dataKey) unseal(r *proof.Row, s proof.Sealed) ([]byte, error) {
	if k == nil || k.id != s.Key {
		return nil, nil
	}
	plain, err := k.aead.Decrypt(s.Sealed, sealContext(r, s.ID))
	if err != nil {
		return nil, errors.New("postgres: can't decrypt a row")
	}
	return inflate(plain)
}

var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.BestSpeed) // the level is valid
	return w
}}

// deflate makes long text shorter. Its first byte says whether it did.
func deflate(text []byte) []byte {
	if len(text) < deflateMin {
		return append([]byte{0}, text...)
	}
	buf := bytes.NewBuffer(make([]byte, 0, 1024))
	buf.WriteByte(1)
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(buf)
	_, err := w.Write(text)
	if errors.Join(err, w.Close()) != nil {
		panic("internal error: a buffer refuses bytes")
	}
	return buf.Bytes()
}

func inflate(b []byte) ([]byte, error) {
	if len(b) == 0 || b[0] > 1 {
		return nil, errors.New("postgres: the encrypted data of a row has an unknown format")
	}
	if b[0] == 0 {
		return b[1:], nil
	}
	r := flate.NewReader(bytes.NewReader(b[1:]))
	text, err := io.ReadAll(io.LimitReader(r, 16*maxBody))
	if err != nil {
		return nil, errors.New("postgres: can't read the decrypted data of a row")
	}
	return text, nil
}
