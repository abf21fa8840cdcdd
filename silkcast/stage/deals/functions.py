# SPDX-License-Identifier: Apache-2.0
"""What the database does in one call for a whole batch of claims. Made with the table of claims.

A function that may change things sees in each of its statements what was committed before that statement
began: the looks come after the waits. The plans keep to indexes whatever the planner thinks it knows: a table
that was empty when a plan was made has a hundred thousand rows a minute later.
"""
# ruff: noqa: S608 - all of it our own words

from __future__ import annotations

CHANGED = "SK001"
"""The state with which a batch is refused that was decided from what is so no more. Nothing was written."""

COUNTING = ("open", "whole", "paid", "waiting")
"""States of claims that count towards a buyer's limit."""
MOST_OF_BUYER = 200
"""Claims of a buyer in a deal that are looked at, refused ones too. Who has more has all they may have."""

_BY_INDEX = """SET enable_seqscan TO off SET enable_hashjoin TO off
    SET enable_mergejoin TO off SET enable_bitmapscan TO off"""

# Lanes as they were when the batch was decided, and as it leaves them; then the claims themselves, one place
# of each array for each. `told`: 1 granted, 2 waiting, 3 sold out, else over the limit. An array that is null
# is as usual in all places: nobody waits, one unit each, granted, by nobody known.
_BATCH = """
    moment timestamptz, open_until timestamptz,
    lane_ids bigint[], units_then integer[], taken_then integer[], waiting_then integer[],
    claims_then bigint[], taken_now integer[], waiting_now integer[], claims_now bigint[],
    claim_lanes bigint[], numbers bigint[], keys uuid[], buyers uuid[], users uuid[], order_ids uuid[],
    claim_terms uuid[], places integer[], claim_units integer[], told smallint[]
"""

_GIVES_CLAIMS = f"""RETURNS TABLE (
        key uuid, lane bigint, number bigint, buyer uuid, user_id uuid, units integer, outcome text,
        place integer, state text, order_id uuid, terms uuid, until timestamptz, at timestamptz
    ) LANGUAGE plpgsql VOLATILE {_BY_INDEX}"""

# One look into the index of keys for each that is asked: between the first and the last key that its buyer
# may have in the deal. A lateral query with a limit stays a loop.
FIND_CLAIMS = f"""
CREATE OR REPLACE FUNCTION deals.find_claims(keys uuid[]) {_GIVES_CLAIMS} AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT claim.key, claim.lane, claim.number, claim.buyer, claim.user_id, claim.units::integer,
        claim.outcome::text, claim.place, claim.state::text, claim.order_id, claim.terms, claim.until,
        claim.at
    FROM unnest(keys) AS one (key) CROSS JOIN LATERAL (
        SELECT * FROM deals.claims AS known
        WHERE known.key >= CAST(left(one.key::text, 24) || '000000000000' AS uuid)
            AND known.key <= CAST(left(one.key::text, 24) || 'ffffffffffff' AS uuid)
        LIMIT {MOST_OF_BUYER}
    ) AS claim;
END $$;
"""

WRITE_CLAIMS = f"""
CREATE OR REPLACE FUNCTION deals.write_claims({_BATCH}) RETURNS void
    LANGUAGE plpgsql VOLATILE {_BY_INDEX} AS $$
#variable_conflict use_column
DECLARE
    changed integer;
BEGIN
    UPDATE deals.lanes AS lane SET taken = new.taken, waiting = coalesce(new.waiting, 0), claims = new.claims
    FROM unnest(
        lane_ids, units_then, taken_then, waiting_then, claims_then, taken_now, waiting_now, claims_now
    ) AS new (id, had, taken_then, waiting_then, claims_then, taken, waiting, claims)
    WHERE lane.id = new.id AND lane.units = new.had AND lane.taken = new.taken_then
        AND lane.waiting = coalesce(new.waiting_then, 0) AND lane.claims = new.claims_then;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> cardinality(lane_ids) THEN
        RAISE EXCEPTION 'the lanes have changed' USING ERRCODE = '{CHANGED}';
    END IF;
    INSERT INTO deals.claims
        (lane, number, key, buyer, user_id, order_id, terms, at, until, place, units, outcome, state)
    SELECT lane, number, key, buyer, user_id, order_id, terms, moment,
        CASE coalesce(said, 1) WHEN 1 THEN open_until END, coalesce(place, 0), coalesce(units, 1),
        CASE coalesce(said, 1) WHEN 1 THEN 'granted' WHEN 2 THEN 'waiting' WHEN 3 THEN 'sold_out'
            ELSE 'over_limit' END,
        CASE coalesce(said, 1) WHEN 1 THEN 'open' WHEN 2 THEN 'waiting' ELSE 'refused' END
    FROM unnest(claim_lanes, numbers, keys, buyers, users, order_ids, claim_terms, places, claim_units, told)
        AS new (lane, number, key, buyer, user_id, order_id, terms, place, units, said);
    PERFORM orders.place_claimed(order_ids, claim_terms, users, open_until, moment);
END $$;
"""

# Who is found has claimed before: then nothing is written, and the batch is decided again with that.
CLAIM_AT_ONCE = f"""
CREATE OR REPLACE FUNCTION deals.claim_at_once(markets text[], of_deal uuid, has_looked boolean, {_BATCH})
    {_GIVES_CLAIMS} AS $$
#variable_conflict use_column
BEGIN
    IF EXISTS (SELECT FROM closings.pass(markets, moment, true)) THEN
        RAISE EXCEPTION 'a market takes no orders' USING ERRCODE = '{CHANGED}';
    END IF;
    IF NOT has_looked THEN
        RETURN QUERY SELECT * FROM deals.find_claims(keys);
        IF FOUND THEN
            RETURN;
        END IF;
    END IF;
    PERFORM deals.write_claims(
        moment, open_until, lane_ids, units_then, taken_then, waiting_then, claims_then, taken_now,
        waiting_now, claims_now, claim_lanes, numbers, keys, buyers, users, order_ids, claim_terms, places,
        claim_units, told
    );
    IF NOT EXISTS (SELECT FROM deals.deals AS deal WHERE deal.id = of_deal AND deal.state = 'launched') THEN
        RAISE EXCEPTION 'the deal is over' USING ERRCODE = '{CHANGED}';
    END IF;
END $$;
"""
