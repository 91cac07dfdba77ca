-- +goose Up

-- One row for each call: its header, written as a whole with each change.
create table calls (
    id              text        primary key,
    version         bigint      not null, -- a header replaces only one of a smaller version
    instance        text        not null, -- the bridge that carries the call
    direction       text        not null,
    twilio_call_sid text        not null, -- empty until Twilio has named it
    from_number     text        not null,
    to_number       text        not null,
    agent           text        not null,
    voice           text        not null,
    chat_ids        text[]      not null,
    chat_group_id   text        not null,
    status          text        not null,
    outcome         text,                 -- null while the call lives
    started_at      timestamptz not null,
    answered_at     timestamptz,
    ended_at        timestamptz,
    decision_seq    bigint,
    opening         jsonb,
    quality         jsonb,
    reaped_at       timestamptz           -- when somebody else closed it because its bridge seemed gone
);

-- Lists go newest first and continue below the last (started_at, id) they showed.
create index calls_newest on calls (started_at desc, id desc);
create index calls_agent on calls (agent, started_at desc, id desc);
create index calls_sid on calls (twilio_call_sid) where twilio_call_sid <> '';
-- Few of many calls live: this one stays small.
create index calls_live on calls (started_at desc, id desc) where outcome is null;

-- What happened on a call, in order. No foreign key to calls: an entry must be
-- storable even if the header before it was refused.
create table call_entries (
    call_id text      not null,
    seq     bigint    not null,
    rev     bigserial not null, -- grows with each writing, so that a live view can ask for what is new
    body    jsonb     not null, -- the entry as the operators' API shows it
    primary key (call_id, seq)
);

create unique index call_entries_rev on call_entries (call_id, rev);

-- +goose Down

drop table call_entries;
drop table calls;
