package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"

	"github.com/jackc/pgx/v5"
)

// URLs are the addresses of a private server's database, one for each role, with
// their passwords: not for a log.
type URLs struct {
	App       string // serves
	Owner     string // migrates
	Superuser string // made the server, and makes the roles
}

// passwordFiles is where the home of a cluster keeps the password of each role.
var passwordFiles = map[string]string{serverUser: "password", OwnerRole: "owner.password", AppRole: "app.password"}

// urls reads the passwords of a server that listens on port.
func (c *cluster) urls(port int) (u URLs, err error) {
	for role, at := range map[string]*string{serverUser: &u.Superuser, OwnerRole: &u.Owner, AppRole: &u.App} {
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

// separate makes the roles of the running server, with the passwords of the files,
// and gives the owner what is the superuser's. It is all that the superuser does.
func (s *server) separate(ctx context.Context, urls URLs) error {
	conn, err := pgx.Connect(ctx, urls.Superuser)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, _, err := makeRoles(ctx, conn, AppRole, ""); err != nil {
		return err
	}
	for _, role := range []string{OwnerRole, AppRole} {
		password, err := s.cluster.password(role)
		if err != nil {
			return err
		}
		secret, err := scramSecret(password)
		if err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, fmt.Sprintf("alter role %s login password %s", role, quoteLiteral(secret))); err != nil {
			return err
		}
	}
	if _, err := reown(ctx, conn); err != nil {
		return err
	}
	// A temporary table would stand before the real one of its name.
	_, err = conn.Exec(ctx, "revoke temporary on database postgres from public")
	return err
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
