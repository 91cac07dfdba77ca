-- +goose Up

-- Orders to erase a person. The number is here only sealed, and only until every instance
-- has done its part; a person is found by an HMAC of the number.
create table erasures (
    id          text        primary key,
    person      bytea       not null,
    sealed      bytea,                              -- the number; null when it is finished
    why         text        not null,
    ordered_at  timestamptz not null default now(), -- calls that began later are not its affair
    erased      jsonb       not null default '{}',  -- how many of what
    ledger_seq  bigint,                             -- the ledger's row that says so; null until the person's key is destroyed
    ledger_hash text        not null default '',
    finished_at timestamptz
);

create unique index erasures_open on erasures (person) where finished_at is null;
create index erasures_person on erasures (person, ordered_at);

-- The instances that may hold something of the person on their own disks.
create table erasure_instances (
    erasure_id text        not null references erasures on delete cascade,
    instance   text        not null,
    seen_at    timestamptz,          -- when it was last known to live, as of the order
    done_at    timestamptz,
    primary key (erasure_id, instance)
);

-- Calls of which nothing is written down any more, whatever comes late. Ids say nothing
-- of anybody.
create table erased_calls (
    call_id    text        primary key,
    erasure_id text        not null
);

create index erased_calls_of on erased_calls (erasure_id);

-- Whom a call is with, to find what is to be erased.
create index calls_with on calls ((case direction when 'inbound' then from_number else to_number end));

-- Legal holds are few, and every erasure asks for them.
create index consent_ledger_holds on consent_ledger (seq) where type = 'legal_hold';

-- Whose request it was, as an HMAC of the number; null where nobody says.
alter table idempotency_keys add column person bytea;
create index idempotency_keys_person on idempotency_keys (person) where person is not null;

-- +goose Down

alter table idempotency_keys drop column person;
drop index consent_ledger_holds;
drop index calls_with;
drop table erased_calls;
drop table erasure_instances;
drop table erasures;
