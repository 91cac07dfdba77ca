-- +goose Up

-- The keys of the API. Of a key's secret only the SHA-256 is here. Rows stay when a key
-- has ended: the records of who did what name it.
create table api_keys (
    name       text        primary key,
    hash       bytea       not null unique, -- SHA-256 of the secret
    rights     text[]      not null,
    sellers    text[]      not null,        -- that it sees; empty for all
    created_at timestamptz not null default now(),
    created_by text        not null,        -- the key that made it
    expires_at timestamptz not null,
    used_at    timestamptz,                 -- last, to a minute
    revoked_at timestamptz
);

-- +goose Down

drop table api_keys;
