-- +goose Up

-- Permits for calls that others place. What is personal in them, and the secret that
-- signs their callbacks, is sealed; a person is found by an HMAC of the number.
create table external_permits (
    id            text        primary key,
    person        bytea       not null,
    sealed        bytea       not null,
    expires_at    timestamptz not null,
    call_ref      text        not null default '', -- of the first event
    ended         boolean     not null default false,
    revoked_at    timestamptz,                     -- the person said stop before the end
    callback_at   timestamptz,                     -- when the dialer is to be told; null for not, or no more
    callback_left integer     not null default 0,  -- tries
    created_at    timestamptz not null default now()
);

create index external_permits_person on external_permits (person) where not ended;
create index external_permits_unheard on external_permits (expires_at) where call_ref = '' and not ended;
create index external_permits_callbacks on external_permits (callback_at) where callback_at is not null;

-- What was reported of them, and how it was answered.
create table external_events (
    permit_id text        not null references external_permits on delete cascade,
    id        text        not null, -- the dialer's own
    digest    bytea       not null, -- of the event as it was sent
    type      text        not null,
    at        timestamptz not null,
    status    integer     not null,
    problem   text        not null,
    seq       bigserial   not null,
    primary key (permit_id, id)
);

-- +goose Down

drop table external_events;
drop table external_permits;
