package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// SeparateRoles makes the two roles in the database at the address of its superuser, with
// the passwords that password knows of them, and gives the owner what is the superuser's.
// It is all that the superuser does.
func SeparateRoles(ctx context.Context, superuser string, password func(role string) (string, error)) error {
	conn, err := pgx.Connect(ctx, superuser)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, _, err := makeRoles(ctx, conn, AppRole, ""); err != nil {
		return err
	}
	for _, role := range []string{OwnerRole, AppRole} {
		password, err := password(role)
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
