-- +goose Up

-- Whether a call ended against the caller's will: who calls again may go on with it.
alter table calls add column broke boolean not null default false;

-- When what was said in it was erased, with the person.
alter table calls add column erased_at timestamptz;

-- What came from a number before, newest first.
create index calls_from on calls (from_number, started_at desc) where direction = 'inbound';

-- +goose Down

drop index calls_from;
alter table calls drop column erased_at, drop column broke;
