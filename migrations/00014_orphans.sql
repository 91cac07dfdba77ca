-- +goose Up

-- When it was settled what became of a placed call whose bridge is gone: hung up, and its
-- permit's end in the ledger.
alter table calls add column settled_at timestamptz;

create index calls_unsettled on calls (reaped_at) where reaped_at is not null and settled_at is null;

-- +goose Down

alter table calls drop column settled_at;
