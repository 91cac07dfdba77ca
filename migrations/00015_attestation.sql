-- +goose Up

-- How far the carrier vouches for the caller's number (STIR), in Twilio's words. Empty of
-- calls that we place, and where Twilio says nothing.
alter table calls add column attestation text not null default '';

-- +goose Down

alter table calls drop column attestation;
