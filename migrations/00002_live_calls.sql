-- +goose Up

-- One-time tokens that a media socket has brought back. The row is the proof of
-- use: whoever inserts it first is the one who used it.
create table used_tokens (
    hash       bytea       primary key, -- the token itself is never stored
    expires_at timestamptz not null     -- from then on its own signature refuses it, and the row may go
);

create index used_tokens_expired on used_tokens (expires_at);

-- The document that a call follows when its stream ends, if someone has left one.
create table call_next (
    call_sid   text        primary key,
    document   text        not null, -- TwiML
    created_at timestamptz not null default now()
);

create index call_next_age on call_next (created_at);

-- What an operator asks of a live call. A notification carries only the id: it
-- has no room for a long text, and it is lost to whoever is not listening; the
-- row is read again when the listener is back.
create table call_commands (
    id         bigserial   primary key,
    call_id    text        not null,
    verb       text        not null,
    text       text        not null,
    created_at timestamptz not null default now()
);

create index call_commands_age on call_commands (created_at);

-- The bridges, and when each of them was last known to live, by this server's clock.
create table instances (
    name    text        primary key,
    beat_at timestamptz not null
);

-- +goose Down

drop table instances;
drop table call_commands;
drop table call_next;
drop table used_tokens;
