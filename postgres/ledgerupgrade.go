package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
)

// takeOverRows is how many rows' MACs are written at once; takeOverSay how often
// the log says how far it is.
const (
	takeOverRows = 10_000
	takeOverSay  = time.Second
)

// takeOver makes a ledger of an earlier version, whose rows have no MACs, one of
// ours: the first start with the master key verifies the chain, writes the MACs and
// the counts of people's facts into tables beside it, and appends a row that says up to which
// row that is so. No row is changed. Several instances may start at once. A chain that
// does not verify is not taken over: calls are denied, and refusals are still taken.
func (l *Ledger) takeOver(ctx context.Context) error {
	done, err := l.takenOver(ctx)
	if done || err != nil {
		return err
	}
	l.unknown.Store(true)
	if l.cfg.ReadOnly {
		l.broken.Store(new("the ledger is from an earlier version; the service upgrades it at its next start"))
		return nil
	}
	conn, err := l.db.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("postgres: upgrade the ledger: %w", err)
	}
	defer conn.Release() // one whose transaction has not ended is given up
	err = l.takeOverIn(ctx, conn)
	var bad *badRow
	if errors.As(err, &bad) {
		l.cfg.Log.Error().Int64("row", bad.seq).Str("problem", bad.text).Msg("ledger of an earlier version does not verify; outbound calls are stopped")
		l.broken.Store(new(bad.Error()))
		return nil
	}
	if err != nil {
		return fmt.Errorf("postgres: upgrade the ledger: %w", err)
	}
	return nil
}

// takenOver tells whether every row has its MAC, and finds out which are from before.
func (l *Ledger) takenOver(ctx context.Context) (bool, error) {
	var old bool
	err := l.db.pool.QueryRow(ctx, `select mac is null from consent_ledger order by seq limit 1`).Scan(&old)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !old {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("postgres: open the ledger: %w", err)
	}
	facts, err := l.Own(ctx, consent.Upgraded)
	if err != nil || len(facts) == 0 || facts[0].Rows == nil {
		return false, err
	}
	l.before.Store(facts[0].Rows.To)
	l.takenAt.Store(&facts[0].RecordedAt)
	return true, nil
}

// takeOverIn does it in a transaction of a connection, which holds the chain's lock.
func (l *Ledger) takeOverIn(ctx context.Context, conn *pgxpool.Conn) error {
	begun := time.Now()
	for _, s := range []string{`begin`, `select set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`,
		`select at from ledger_head for update`} {
		if _, err := conn.Exec(ctx, s); err != nil {
			return err
		}
	}
	if done, err := l.takenOver(ctx); done || err != nil { // another instance was quicker
		l.unknown.Store(false)
		_, ended := conn.Exec(ctx, `rollback`)
		return errors.Join(err, ended)
	}
	t := &takeOver{l: l, conn: conn, said: begun}
	if err := l.view(ctx, func(tx pgx.Tx) error { return t.read(ctx, tx) }); err != nil {
		return err
	}
	l.before.Store(t.to)
	l.unknown.Store(false)
	err := t.append(ctx)
	if err != nil {
		l.unknown.Store(true)
		return err
	}
	l.cfg.Log.Info().Int64("rows", t.to).Dur("took_ms", time.Since(begun)).Msg("ledger of an earlier version upgraded")
	return nil
}

// takeOver is one on its way.
type takeOver struct {
	l    *Ledger
	conn *pgxpool.Conn
	to   int64 // the newest row without a MAC
	all  int64
	seqs []int64
	macs [][]byte
	said time.Time
}

// read verifies the rows of a view, and writes their MACs and everybody's count.
func (t *takeOver) read(ctx context.Context, tx pgx.Tx) error {
	if err := tx.QueryRow(ctx, `select at from ledger_head`).Scan(&t.all); err != nil {
		return err
	}
	anchors, err := readAnchors(*t.l.anchorDir.Load())
	if err != nil {
		return err
	}
	v := &verification{l: t.l, anchors: anchors, each: func(r *proof.Row) error { return t.row(ctx, r) }}
	if err := v.run(ctx, tx); err != nil {
		return err
	}
	if err := t.flush(ctx); err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, `select token, count(*), max(seq) from consent_ledger where type <> 'decision' group by token`)
	var places []placed
	var token sum
	var p place
	_, err = pgx.ForEachRow(rows, []any{&token, &p.nth, &p.seq}, func() error {
		if places = append(places, placed{token: proof.Sum(token), place: p}); len(places) < takeOverRows {
			return nil
		}
		err := t.people(ctx, places)
		places = places[:0]
		return err
	})
	if err == nil {
		err = t.people(ctx, places)
	}
	return err
}

// row takes one row. One that has its MAC was written after rows without could not be
// taken over.
func (t *takeOver) row(ctx context.Context, r *proof.Row) error {
	if mac := t.l.macs.row(r); !holds(r.MAC, mac) {
		if r.Version() != 1 {
			return &badRow{r.Seq, errRowMAC.Error()}
		}
		t.to = r.Seq
		t.seqs, t.macs = append(t.seqs, r.Seq), append(t.macs, mac[:])
	}
	if len(t.seqs) < takeOverRows {
		return nil
	}
	return t.flush(ctx)
}

func (t *takeOver) flush(ctx context.Context) error {
	_, err := t.conn.Exec(ctx, `insert into ledger_macs (seq, mac) select * from unnest($1::bigint[], $2::bytea[])`, t.seqs, t.macs)
	t.seqs, t.macs = t.seqs[:0], t.macs[:0]
	if now := time.Now(); now.Sub(t.said) >= takeOverSay {
		t.said = now
		t.l.cfg.Log.Info().Int64("rows", t.to).Int64("of", t.all).Msg("upgrading the ledger of an earlier version")
	}
	return err
}

func (t *takeOver) people(ctx context.Context, places []placed) error {
	b := &pgx.Batch{}
	t.l.queuePlaces(b, places)
	return t.conn.SendBatch(ctx, b).Close()
}

// append says up to which row it is so, and ends the transaction.
func (t *takeOver) append(ctx context.Context) error {
	l := t.l
	s := l.headState()
	var k known
	own := l.token(phone.Number{})
	b := &pgx.Batch{}
	l.queueHeadState(b, &s, "")
	l.queueKeys(b, &k, [][]byte{own[:]})
	l.queuePeople(b, &k, [][]byte{own[:]})
	if err := t.conn.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	var head sum
	if err := t.conn.QueryRow(ctx, `select hash from consent_ledger where seq = $1`, t.to).Scan(&head); err != nil {
		return err
	}
	st := newBatch(l, s, k, evidence{})
	fact := consent.Fact{Type: consent.Upgraded, OccurredAt: st.now, Source: "upgrade", Actor: "ledger", Rows: &consent.Rows{From: 1, To: t.to, Head: proof.Sum(head).String()}}
	if _, err := st.run(&request{facts: []consent.Fact{fact}}, nil); err != nil {
		return err
	}
	l.takenAt.Store(&st.now)
	return l.settled(ctx, st.commit(ctx, t.conn), st.at, st.head)
}
