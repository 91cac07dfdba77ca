-- +goose Up

-- One row for each call that is to be placed when it is due. Its queue is river's
-- (step 7): a job there looks at the row from time to time until the row is final.
create table reminders (
    id                 text        primary key,
    key                text,                 -- the client's own: the same key is the same reminder
    to_number          text        not null,
    from_number        text        not null,
    agent              text        not null,
    purpose            text        not null,
    contains_marketing boolean     not null,
    subject            text        not null,
    variables          jsonb       not null,
    state              text        not null, -- where the person is, as far as the client says
    zone               text        not null,
    due_at             timestamptz not null,
    status             text        not null check (status in
        ('scheduled', 'deferred', 'held', 'calling', 'done', 'cancelled', 'refused', 'gave_up')),
    claims             integer     not null default 0, -- numbers the attempts, whatever became of them
    attempts           integer     not null default 0, -- calls that count
    voids              integer     not null default 0, -- calls that failed before any telephone rang
    holds              integer     not null default 0, -- how often in a row a fact was missing
    next_at            timestamptz not null, -- when to look again
    reason             text        not null default '',
    rules              text[]      not null default '{}', -- ids of the rules that stood in the way
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now()
);

create unique index reminders_key on reminders (key) where key is not null;
-- Lists go newest first and continue below the last (created_at, id) they showed.
create index reminders_newest on reminders (created_at desc, id desc);
create index reminders_status on reminders (status, created_at desc, id desc);
-- A revocation cancels what is to come for a number; a sweep finds what was forgotten.
create index reminders_to on reminders (to_number) where status in ('scheduled', 'deferred', 'held', 'calling');
create index reminders_overdue on reminders (next_at) where status in ('scheduled', 'deferred', 'held', 'calling');

-- Each time that a worker set out to place the call. The row is there before the
-- call can be: whoever inserts it first is the one who may place it. It goes again
-- if surely nothing was placed.
create table reminder_attempts (
    reminder_id text        not null references reminders on delete cascade,
    attempt     integer     not null,
    call_id     text        not null unique, -- made before the call, to find out later what became of it
    claimed_at  timestamptz not null,
    fate        text        not null default 'open' check (fate in
        ('open',      -- somebody is placing it, or died while doing so
         'placed',    -- there is a call
         'unknown')), -- a call may have been placed, and nobody can tell
    outcome     text        not null default '', -- of the call, in the call log's words
    counts      boolean     not null default false,
    primary key (reminder_id, attempt)
);

-- Campaigns (agents) that rest because the carrier fails.
create table reminder_pauses (
    agent  text        primary key,
    until  timestamptz not null,
    reason text        not null
);

-- When the next call of the account may be created. One row, shared by all
-- instances: Twilio's limit is the account's.
create table call_rate (
    one     boolean     primary key default true check (one),
    next_at timestamptz not null
);

insert into call_rate (next_at) values (now());

-- +goose Down

drop table call_rate;
drop table reminder_pauses;
drop table reminder_attempts;
drop table reminders;
