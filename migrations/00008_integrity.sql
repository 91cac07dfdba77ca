-- +goose Up

-- The MAC of each row, by a key that the database never sees: over its place, the
-- hash of the row before, and its own, which is that of its body. Rows that are older
-- than this step have theirs in a table beside them, since no row is changed; the
-- service computes them when it first starts.
alter table consent_ledger add column mac bytea;
alter table consent_ledger add constraint consent_ledger_mac check (mac is not null and length(mac) = 32) not valid;

create table ledger_macs (
    seq bigint primary key,
    mac bytea  not null
);

-- How many facts there are of a person, and the row of the newest: one row here for
-- each fact, with a MAC, so that nobody's history has a hole or loses its end unseen.
-- Decisions don't count: no rule looks at them.
create table ledger_people (
    token bytea  not null,
    nth   bigint not null, -- from 1; a person's first row here may count several, of before
    seq   bigint not null,
    mac   bytea  not null,
    primary key (token, nth)
);

-- Which of the heads that were written down elsewhere is the highest, and that it was
-- this program that did it. Older ones have no MAC.
alter table ledger_anchors add column mac bytea;
create index ledger_anchors_at on ledger_anchors (at);

-- Whether rows were lost and it was recovered is asked by every decision.
create index consent_ledger_restored on consent_ledger (seq) where type = 'restored';

create trigger ledger_append_only before update or delete or truncate on ledger_macs
    for each statement execute function ledger_refuse();
create trigger ledger_append_only before update or delete or truncate on ledger_people
    for each statement execute function ledger_refuse();

revoke update, delete, truncate on ledger_macs, ledger_people from public, current_user;

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

drop index consent_ledger_restored;
drop index ledger_anchors_at;
alter table ledger_anchors drop column mac;
drop table ledger_people;
drop table ledger_macs;
alter table consent_ledger drop constraint consent_ledger_mac;
alter table consent_ledger drop column mac;
