package pgserver

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"

	"github.com/patchcord/patchcord/postgres"
)

// URLs are the addresses of a private server's database, one for each role, with
// their passwords: not for a log.
type URLs struct {
	App       string // serves
	Owner     string // migrates
	Superuser string // made the server, and makes the roles
}

// passwordFiles is where the home of a cluster keeps the password of each role.
var passwordFiles = map[string]string{
	serverUser:         "password",
	postgres.OwnerRole: "owner.password",
	postgres.AppRole:   "app.password",
}

// urls reads the passwords of a server that listens on port.
func (c *cluster) urls(port int) (u URLs, err error) {
	for role, at := range map[string]*string{serverUser: &u.Superuser, postgres.OwnerRole: &u.Owner, postgres.AppRole: &u.App} {
		password, err := c.password(role)
		if err != nil {
			return u, err
		}
		*at = serverURL(port, role, password)
	}
	return u, nil
}

// makePasswords makes those passwords that are missing: of a new cluster, or of one
// that a program made that knew a single role.
func (c *cluster) makePasswords(home folder) error {
	for role := range passwordFiles {
		password, err := c.password(role)
		if password != "" || role == serverUser && c.version() > 0 { // the server has that one, and no other will do
			continue
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := home.write(passwordFiles[role], []byte(rand.Text()+"\n"), ourselves); err != nil {
			return err
		}
	}
	return nil
}

func serverURL(port int, role, password string) string {
	return (&url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(role, password),
		Host:     fmt.Sprintf("127.0.0.1:%d", port),
		Path:     "/postgres",
		RawQuery: "sslmode=disable",
	}).String()
}
