package remind

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/rs/zerolog"
)

// queueName is river's queue of ours. Other work on river does not wait behind it.
const queueName = "reminders"

// lookArgs is the job of one reminder: it lives as long as the reminder does.
type lookArgs struct {
	Reminder string `json:"reminder"`
}

// Kind implements river.JobArgs.
func (lookArgs) Kind() string { return "reminder" }

// sweepArgs is the search for reminders that have no job.
type sweepArgs struct{}

// Kind implements river.JobArgs.
func (sweepArgs) Kind() string { return "reminder_sweep" }

// queue is river, whatever its driver.
type queue interface {
	start(ctx context.Context) error
	stop(ctx context.Context) error
	add(ctx context.Context, list []Reminder) ([]Reminder, error)
}

type riverQueue[T any] struct {
	client *river.Client[T]
	store  Adder[T]
	now    func() time.Time
}

// soonDue is how near a time must be for its job to be given out at once: the worker
// waits for it more exactly than river's scheduler, which looks every 5 s.
const soonDue = 5 * time.Second

func newQueue[T any](driver riverdriver.Driver[T], store Adder[T], s *Service) (*riverQueue[T], error) {
	q := &riverQueue[T]{store: store, now: s.now}
	workers := river.NewWorkers()
	river.AddWorker(workers, &lookWorker{s: s})
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[sweepArgs]) error {
		return s.sweep(ctx, func(ctx context.Context, before time.Time, most int) (int, error) {
			return store.Requeue(ctx, before, most, q.enqueue)
		})
	}))
	p := s.policy
	client, err := river.NewClient(driver, &river.Config{
		Queues:  map[string]river.QueueConfig{queueName: {MaxWorkers: s.cfg.Workers}},
		Workers: workers,
		// A look takes a place in the line, places, and writes down: its own bounds
		// are well within these.
		JobTimeout:           p.Place + time.Minute,
		RescueStuckJobsAfter: max(p.Orphaned, p.Place+time.Minute+time.Second),
		FetchPollInterval:    min(time.Second, max(p.Soon, river.FetchCooldownDefault)), // how late a short wait may end
		// Reminders keep what is worth keeping; river's own rows may go.
		CompletedJobRetentionPeriod: time.Hour,
		PeriodicJobs: []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(p.Sweep),
			func() (river.JobArgs, *river.InsertOpts) {
				return sweepArgs{}, &river.InsertOpts{Queue: queueName, UniqueOpts: river.UniqueOpts{ByPeriod: p.Sweep}}
			}, nil)},
		// To build an index anew is the tables' owner's alone, and the service is not that one.
		ReindexerSchedule: river.NeverSchedule(),
		Logger:            slog.New(chatter{zerolog.NewSlogHandler(s.log)}),
	})
	if err != nil {
		return nil, fmt.Errorf("remind: river: %w", err)
	}
	q.client = client
	return q, nil
}

func (q *riverQueue[T]) start(ctx context.Context) error {
	return q.client.Start(context.WithoutCancel(ctx))
}

func (q *riverQueue[T]) stop(ctx context.Context) error {
	err := q.client.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
		defer cancel()
		return q.client.StopAndCancel(hard)
	}
	return err
}

func (q *riverQueue[T]) add(ctx context.Context, list []Reminder) ([]Reminder, error) {
	return q.store.Add(ctx, list, q.enqueue)
}

// enqueue gives reminders their jobs, in the transaction that made them.
func (q *riverQueue[T]) enqueue(ctx context.Context, tx T, list []Reminder) error {
	if len(list) == 0 {
		return nil
	}
	jobs := make([]river.InsertManyParams, len(list))
	now := q.now()
	for i, r := range list {
		opts := &river.InsertOpts{Queue: queueName}
		if r.NextAt.After(now.Add(soonDue)) {
			opts.ScheduledAt = r.NextAt
		}
		jobs[i] = river.InsertManyParams{Args: lookArgs{r.ID}, InsertOpts: opts}
	}
	if _, err := q.client.InsertManyFastTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("remind: river: %w", err)
	}
	return nil
}

// lookWorker looks at a reminder when river says so, and asks river for the next
// time. It never fails a job: what goes wrong is looked at again soon.
type lookWorker struct {
	river.WorkerDefaults[lookArgs]
	s *Service
}

// Work implements river.Worker.
func (w *lookWorker) Work(ctx context.Context, job *river.Job[lookArgs]) error {
	next, err := w.s.look(ctx, job.Args.Reminder)
	switch {
	case err != nil:
		w.s.log.Warn().Err(err).Str("reminder", job.Args.Reminder).Msg("reminder check failed; retrying")
		return river.JobSnooze(w.s.policy.Soon)
	case next == final:
		return nil
	}
	return river.JobSnooze(max(0, next))
}
