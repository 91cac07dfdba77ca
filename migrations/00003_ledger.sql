-- +goose Up

-- The consent ledger: one chain of rows that are only ever added. Body holds the
-- exact bytes that were hashed, and all that the other columns say; they are there
-- to be searched, and package consent (chain.go) holds them to the body. What is
-- personal in a body is sealed under a key of ledger_keys.
create table consent_ledger (
    seq         bigint      primary key, -- without gaps, from 1
    prev        bytea       not null,    -- the hash of the row before
    hash        bytea       not null,
    recorded_at timestamptz not null,    -- by this server's clock; never falls
    token       bytea       not null,    -- HMAC of the telephone number
    type        text        not null,
    seller      text        not null,
    mark        text        not null,    -- what is counted or told of the row: stop, answered, abandoned, or nothing
    body        bytea       not null
) with (toast_tuple_target = 8160); -- decisions stay in their row: what is sealed does not get shorter

alter table consent_ledger alter body set storage external;

-- What is known of a number is one range of the first of these, however many rows
-- there are and however often it was asked about: no rule looks at decisions.
create index consent_ledger_facts on consent_ledger (token, seq) where type <> 'decision';
create index consent_ledger_decisions on consent_ledger (token, seq) where type = 'decision';
create index consent_ledger_stops on consent_ledger (seq) where mark = 'stop';
create index consent_ledger_calls on consent_ledger (recorded_at, seller, mark) where mark in ('answered', 'abandoned');

-- The newest row, as whoever appended it remembers it. Its lock makes the chain one.
create table ledger_head (
    one       boolean primary key default true check (one),
    at        bigint  not null,
    head      bytea   not null,
    key_check bytea            -- tells another master key from the one that the ledger is kept with
) with (fillfactor = 10);

insert into ledger_head (at, head) values (0, decode(repeat('00', 32), 'hex'));

-- One data key for each person, wrapped. To delete it is to erase the person.
create table ledger_keys (
    token      bytea       primary key,
    id         bytea       not null, -- what is sealed names it
    wrapped    bytea       not null,
    created_at timestamptz not null default now()
);

-- Heads that were written down elsewhere, too.
create table ledger_anchors (
    at          bigint      not null,
    head        bytea       not null,
    anchored_at timestamptz not null,
    primary key (anchored_at, at)
);

-- Nobody changes what is written. A grant binds whoever is no superuser, also the
-- tables' owner, and a trigger whoever has not switched it off.
-- +goose StatementBegin
create function ledger_refuse() returns trigger language plpgsql as $$
begin
    raise exception '% of % is refused: it is only ever added to', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function ledger_forward() returns trigger language plpgsql as $$
begin
    if new.at < old.at or (new.at = old.at and new.head <> old.head) then
        raise exception 'the head of the ledger only goes forward' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
-- +goose StatementEnd

create trigger ledger_append_only before update or delete or truncate on consent_ledger
    for each statement execute function ledger_refuse();
create trigger ledger_append_only before update or delete or truncate on ledger_anchors
    for each statement execute function ledger_refuse();
create trigger ledger_append_only before update or truncate on ledger_keys
    for each statement execute function ledger_refuse();
create trigger ledger_append_only before delete or truncate on ledger_head
    for each statement execute function ledger_refuse();
create trigger ledger_forward before update on ledger_head
    for each row execute function ledger_forward();

revoke update, delete, truncate on consent_ledger, ledger_anchors from public, current_user;
revoke update, truncate on ledger_keys from public, current_user;
revoke delete, truncate on ledger_head from public, current_user;

-- +goose Down

-- +goose StatementBegin
do $$
begin
    if exists (select from consent_ledger) then
        raise exception 'the consent ledger holds rows: it is not taken back';
    end if;
end
$$;
-- +goose StatementEnd

drop table ledger_anchors;
drop table ledger_keys;
drop table ledger_head;
drop table consent_ledger;
drop function ledger_forward();
drop function ledger_refuse();
