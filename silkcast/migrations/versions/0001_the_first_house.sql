-- SPDX-License-Identifier: Apache-2.0
-- Written by `silkcast migrate --rewrite-first`; frozen.

CREATE SCHEMA IF NOT EXISTS "admission";

CREATE SCHEMA IF NOT EXISTS "answers";

CREATE SCHEMA IF NOT EXISTS "audit";

CREATE SCHEMA IF NOT EXISTS "catalog";

CREATE SCHEMA IF NOT EXISTS "chat";

CREATE SCHEMA IF NOT EXISTS "closings";

CREATE SCHEMA IF NOT EXISTS "customs";

CREATE SCHEMA IF NOT EXISTS "deals";

CREATE SCHEMA IF NOT EXISTS "flows";

CREATE SCHEMA IF NOT EXISTS "hooks";

CREATE SCHEMA IF NOT EXISTS "identity";

CREATE SCHEMA IF NOT EXISTS "insight";

CREATE SCHEMA IF NOT EXISTS "jobs";

CREATE SCHEMA IF NOT EXISTS "ledger";

CREATE SCHEMA IF NOT EXISTS "notices";

CREATE SCHEMA IF NOT EXISTS "orders";

CREATE SCHEMA IF NOT EXISTS "outbox";

CREATE SCHEMA IF NOT EXISTS "payments";

CREATE SCHEMA IF NOT EXISTS "pricing";

CREATE SCHEMA IF NOT EXISTS "quotes";

CREATE SCHEMA IF NOT EXISTS "rates";

CREATE SCHEMA IF NOT EXISTS "returns";

CREATE SCHEMA IF NOT EXISTS "rooms";

CREATE SCHEMA IF NOT EXISTS "sellers";

CREATE SCHEMA IF NOT EXISTS "shipping";

CREATE SCHEMA IF NOT EXISTS "stock";

CREATE SCHEMA IF NOT EXISTS "teams";

CREATE SCHEMA IF NOT EXISTS "translations";

CREATE TABLE outbox.event (
	id UUID NOT NULL,
	seq BIGINT GENERATED ALWAYS AS IDENTITY,
	name TEXT NOT NULL,
	body JSONB NOT NULL,
	announced_at TIMESTAMP WITH TIME ZONE NOT NULL,
	fanned_out BOOLEAN DEFAULT false NOT NULL,
	recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
	CONSTRAINT pk_event PRIMARY KEY (id),
	CONSTRAINT uq_event_seq UNIQUE (seq)
);

CREATE INDEX ix_event_announced_at ON outbox.event (announced_at);

CREATE INDEX ix_event_new ON outbox.event (seq) WHERE NOT fanned_out;

CREATE TABLE pricing.prices (
	id UUID NOT NULL,
	variant_id UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	amount NUMERIC(19, 4) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_prices PRIMARY KEY (id),
	CONSTRAINT ck_prices_amount_over_zero CHECK (amount > 0),
	CONSTRAINT ck_prices_not_backwards CHECK (until >= since)
);

CREATE INDEX prices_in_time ON pricing.prices (variant_id, market, since);

CREATE UNIQUE INDEX one_price_at_a_time ON pricing.prices (variant_id, market) WHERE until IS NULL;

CREATE TABLE pricing.floors (
	variant_id UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	amount NUMERIC(19, 4) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	CONSTRAINT pk_floors PRIMARY KEY (variant_id, market),
	CONSTRAINT ck_floors_floor_over_zero CHECK (amount > 0)
);

CREATE TABLE stock.levels (
	variant UUID NOT NULL,
	warehouse UUID NOT NULL,
	on_hand INTEGER NOT NULL,
	held INTEGER DEFAULT 0 NOT NULL,
	CONSTRAINT pk_levels PRIMARY KEY (variant, warehouse),
	CONSTRAINT ck_levels_held_within_on_hand CHECK (0 <= held AND held <= on_hand)
)
 WITH (fillfactor = 60);

CREATE TABLE stock.holds (
	id UUID NOT NULL,
	reference UUID NOT NULL,
	state TEXT NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_holds PRIMARY KEY (id),
	CONSTRAINT ck_holds_state CHECK (state IN ('held', 'taken', 'released')),
	CONSTRAINT ck_holds_ended_with_state CHECK ((state = 'held') = (ended_at IS NULL))
);

CREATE INDEX ix_holds_until ON stock.holds (until) WHERE state = 'held';

CREATE UNIQUE INDEX uq_holds_reference ON stock.holds (reference) WHERE state <> 'released';

CREATE TABLE stock.movements (
	number BIGINT GENERATED ALWAYS AS IDENTITY,
	variant UUID NOT NULL,
	warehouse UUID NOT NULL,
	kind TEXT NOT NULL,
	on_hand INTEGER NOT NULL,
	held INTEGER NOT NULL,
	reference UUID,
	why TEXT DEFAULT '' NOT NULL,
	actor TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_movements PRIMARY KEY (number),
	CONSTRAINT ck_movements_kind CHECK (kind IN ('received', 'adjusted', 'held', 'released', 'sold', 'returned')),
	CONSTRAINT ck_movements_moves CHECK (on_hand <> 0 OR held <> 0)
);

CREATE INDEX ix_movements_variant ON stock.movements (variant, number);

CREATE UNIQUE INDEX uq_movements_returned ON stock.movements (reference, variant, warehouse) WHERE kind = 'returned';

CREATE OR REPLACE FUNCTION stock.written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'stock.% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER movements_written_once BEFORE UPDATE OR DELETE ON stock.movements
    FOR EACH ROW EXECUTE FUNCTION stock.written_once();

CREATE TRIGGER movements_never_emptied BEFORE TRUNCATE ON stock.movements
    FOR EACH STATEMENT EXECUTE FUNCTION stock.written_once();

CREATE TABLE closings.closures (
	id UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	reason TEXT NOT NULL,
	open_orders VARCHAR(8) NOT NULL,
	link TEXT NOT NULL,
	begins_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE,
	begun_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	ended_why TEXT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	made_by UUID,
	ended_by UUID,
	CONSTRAINT pk_closures PRIMARY KEY (id),
	CONSTRAINT ck_closures_open_orders_known CHECK (open_orders IN ('finish', 'refund')),
	CONSTRAINT ck_closures_not_backwards CHECK (ends_at > begins_at)
);

CREATE INDEX closures_in_time ON closings.closures (made_at, id);

CREATE UNIQUE INDEX one_closure_a_market ON closings.closures (market) WHERE ended_at IS NULL;

CREATE OR REPLACE FUNCTION closings.gate_of(market text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT hashtextextended('closings/' || market, 0) $$;

CREATE OR REPLACE FUNCTION closings.pass(asked text[], moment timestamptz, waits boolean)
    RETURNS TABLE (closed_market text, closure_id uuid) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    code text;
BEGIN
    FOR code IN SELECT DISTINCT one FROM unnest(asked) AS one ORDER BY one LOOP
        IF waits THEN
            PERFORM pg_advisory_xact_lock_shared(closings.gate_of(code));
        ELSIF NOT pg_try_advisory_xact_lock_shared(closings.gate_of(code)) THEN
            RETURN QUERY SELECT code, NULL::uuid;
        END IF;
    END LOOP;
    RETURN QUERY SELECT closure.market::text, closure.id FROM closings.closures AS closure
        WHERE closure.ended_at IS NULL AND closure.market = ANY(asked)
            AND (closure.begun_at IS NOT NULL OR closure.begins_at <= moment)
            AND (closure.ends_at IS NULL OR moment < closure.ends_at);
END $$;

CREATE TABLE orders.orders (
	id UUID NOT NULL,
	number TEXT NOT NULL,
	key TEXT NOT NULL,
	fingerprint BYTEA NOT NULL,
	seller UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	buyer_user UUID,
	buyer TEXT,
	ship_to TEXT,
	email_blind BYTEA,
	phone_blind BYTEA,
	total NUMERIC(19, 4) NOT NULL,
	due_at_door NUMERIC(19, 4) NOT NULL,
	price_lines JSONB NOT NULL,
	delivery_service TEXT NOT NULL,
	delivery_name TEXT NOT NULL,
	promise_from DATE NOT NULL,
	promise_to DATE NOT NULL,
	show UUID,
	hold UUID NOT NULL,
	held_until TIMESTAMP WITH TIME ZONE NOT NULL,
	quote UUID,
	payment_method TEXT NOT NULL,
	language TEXT NOT NULL,
	state TEXT NOT NULL,
	secret_hash BYTEA NOT NULL,
	secret TEXT NOT NULL,
	placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	erased_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_orders PRIMARY KEY (id),
	CONSTRAINT ck_orders_state CHECK (state IN ('held', 'awaiting_payment', 'paid', 'cod_accepted', 'declared', 'shipped', 'delivered', 'expired', 'cancelled', 'refunded')),
	CONSTRAINT ck_orders_amounts CHECK (total > 0 AND due_at_door >= 0),
	CONSTRAINT ck_orders_promise CHECK (promise_from <= promise_to),
	CONSTRAINT uq_orders_number UNIQUE (number),
	CONSTRAINT uq_orders_key UNIQUE (key),
	CONSTRAINT uq_orders_secret_hash UNIQUE (secret_hash)
);

CREATE INDEX ix_orders_email_blind ON orders.orders (email_blind);

CREATE INDEX ix_orders_open ON orders.orders (market, id) WHERE state IN ('awaiting_payment', 'cod_accepted', 'declared', 'held', 'paid');

CREATE INDEX ix_orders_phone_blind ON orders.orders (phone_blind);

CREATE INDEX ix_orders_seller ON orders.orders (seller, id);

CREATE INDEX ix_orders_show ON orders.orders (show) WHERE show IS NOT NULL;

CREATE INDEX ix_orders_unpaid ON orders.orders (held_until) WHERE state IN ('held', 'awaiting_payment');

CREATE INDEX ix_orders_user ON orders.orders (buyer_user) WHERE buyer_user IS NOT NULL;

CREATE TABLE orders.terms (
	id UUID NOT NULL,
	seller UUID NOT NULL,
	body JSONB NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_terms PRIMARY KEY (id)
);

CREATE TABLE orders.claimed (
	id UUID NOT NULL,
	terms UUID NOT NULL,
	buyer_user UUID,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	state TEXT DEFAULT 'open' NOT NULL,
	placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_claimed PRIMARY KEY (id),
	CONSTRAINT ck_claimed_state CHECK (state IN ('open', 'whole', 'expired', 'called_off'))
);

ALTER TABLE orders.claimed SET (autovacuum_vacuum_insert_threshold = -1);

CREATE OR REPLACE FUNCTION orders.place_claimed(
    order_ids uuid[], order_terms uuid[], order_users uuid[], open_until timestamptz, moment timestamptz
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO orders.claimed (id, terms, buyer_user, until, placed_at)
    SELECT new.id, new.terms, new.buyer, open_until, moment
    FROM unnest(order_ids, order_terms, order_users) AS new (id, terms, buyer) WHERE new.id IS NOT NULL;
END $$;

CREATE TABLE teams.limits (
	id UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	seller_id UUID,
	price_down INTEGER NOT NULL,
	price_up INTEGER NOT NULL,
	floor_down INTEGER NOT NULL,
	floor_up INTEGER NOT NULL,
	deal_most INTEGER NOT NULL,
	set_at TIMESTAMP WITH TIME ZONE NOT NULL,
	set_by UUID,
	why TEXT NOT NULL,
	CONSTRAINT pk_limits PRIMARY KEY (id),
	CONSTRAINT ck_limits_not_to_nothing CHECK (price_down BETWEEN 0 AND 99 AND floor_down BETWEEN 0 AND 99),
	CONSTRAINT ck_limits_percent CHECK (price_up >= 0 AND floor_up >= 0 AND deal_most BETWEEN 0 AND 95)
);

CREATE INDEX limits_of_market ON teams.limits (market, set_at, id);

CREATE OR REPLACE FUNCTION teams.written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'teams.% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER limits_written_once BEFORE UPDATE OR DELETE ON teams.limits
    FOR EACH ROW EXECUTE FUNCTION teams.written_once();

CREATE TRIGGER limits_never_emptied BEFORE TRUNCATE ON teams.limits
    FOR EACH STATEMENT EXECUTE FUNCTION teams.written_once();

CREATE TABLE teams.changes (
	id UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	what VARCHAR(16) NOT NULL,
	key TEXT NOT NULL,
	label TEXT NOT NULL,
	before TEXT NOT NULL,
	after TEXT NOT NULL,
	why TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	by UUID,
	undoes UUID,
	CONSTRAINT pk_changes PRIMARY KEY (id),
	CONSTRAINT ck_changes_what_known CHECK (what IN ('price', 'floor', 'deal_discount', 'word', 'text')),
	CONSTRAINT fk_changes_undoes FOREIGN KEY(undoes) REFERENCES teams.changes (id)
);

CREATE INDEX changes_of_market ON teams.changes (market, at, id);

CREATE INDEX changes_of_thing ON teams.changes (market, what, key, at, id);

CREATE UNIQUE INDEX one_undoing_a_change ON teams.changes (undoes);

CREATE OR REPLACE FUNCTION teams.written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'teams.% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER changes_written_once BEFORE UPDATE OR DELETE ON teams.changes
    FOR EACH ROW EXECUTE FUNCTION teams.written_once();

CREATE TRIGGER changes_never_emptied BEFORE TRUNCATE ON teams.changes
    FOR EACH STATEMENT EXECUTE FUNCTION teams.written_once();

CREATE TABLE teams.settings (
	market VARCHAR(2) NOT NULL,
	what VARCHAR(16) NOT NULL,
	key VARCHAR(20) NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_settings PRIMARY KEY (market, what, key)
);

CREATE TABLE teams.bases (
	variant_id UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	base NUMERIC(19, 4) NOT NULL,
	local NUMERIC(19, 4) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	CONSTRAINT pk_bases PRIMARY KEY (variant_id, market),
	CONSTRAINT ck_bases_over_zero CHECK (base > 0 AND local > 0)
);

CREATE TABLE deals.claims (
	lane BIGINT NOT NULL,
	number BIGINT NOT NULL,
	key UUID NOT NULL,
	buyer UUID NOT NULL,
	user_id UUID,
	order_id UUID,
	terms UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE,
	place INTEGER NOT NULL,
	units SMALLINT NOT NULL,
	outcome TEXT NOT NULL,
	state TEXT NOT NULL,
	CONSTRAINT pk_claims PRIMARY KEY (lane, number),
	CONSTRAINT ck_claims_units CHECK (units > 0),
	CONSTRAINT ck_claims_open_has_an_end CHECK ((until IS NOT NULL) OR state <> 'open')
);

CREATE INDEX claims_by_order ON deals.claims (order_id) WHERE state IN ('whole', 'paid');

CREATE INDEX claims_in_line ON deals.claims (lane, number) WHERE state = 'waiting';

CREATE INDEX claims_overdue ON deals.claims (lane, until) WHERE state = 'open';

CREATE INDEX claims_unpaid ON deals.claims (lane) WHERE state = 'whole';

CREATE UNIQUE INDEX claims_by_key ON deals.claims (key);

CREATE OR REPLACE FUNCTION deals.find_claims(keys uuid[]) RETURNS TABLE (
        key uuid, lane bigint, number bigint, buyer uuid, user_id uuid, units integer, outcome text,
        place integer, state text, order_id uuid, terms uuid, until timestamptz, at timestamptz
    ) LANGUAGE plpgsql VOLATILE SET enable_seqscan TO off SET enable_hashjoin TO off
    SET enable_mergejoin TO off SET enable_bitmapscan TO off AS $$
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
        LIMIT 200
    ) AS claim;
END $$;

CREATE OR REPLACE FUNCTION deals.write_claims(
    moment timestamptz, open_until timestamptz,
    lane_ids bigint[], units_then integer[], taken_then integer[], waiting_then integer[],
    claims_then bigint[], taken_now integer[], waiting_now integer[], claims_now bigint[],
    claim_lanes bigint[], numbers bigint[], keys uuid[], buyers uuid[], users uuid[], order_ids uuid[],
    claim_terms uuid[], places integer[], claim_units integer[], told smallint[]
) RETURNS void
    LANGUAGE plpgsql VOLATILE SET enable_seqscan TO off SET enable_hashjoin TO off
    SET enable_mergejoin TO off SET enable_bitmapscan TO off AS $$
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
        RAISE EXCEPTION 'the lanes have changed' USING ERRCODE = 'SK001';
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

CREATE OR REPLACE FUNCTION deals.claim_at_once(markets text[], of_deal uuid, has_looked boolean,
    moment timestamptz, open_until timestamptz,
    lane_ids bigint[], units_then integer[], taken_then integer[], waiting_then integer[],
    claims_then bigint[], taken_now integer[], waiting_now integer[], claims_now bigint[],
    claim_lanes bigint[], numbers bigint[], keys uuid[], buyers uuid[], users uuid[], order_ids uuid[],
    claim_terms uuid[], places integer[], claim_units integer[], told smallint[]
)
    RETURNS TABLE (
        key uuid, lane bigint, number bigint, buyer uuid, user_id uuid, units integer, outcome text,
        place integer, state text, order_id uuid, terms uuid, until timestamptz, at timestamptz
    ) LANGUAGE plpgsql VOLATILE SET enable_seqscan TO off SET enable_hashjoin TO off
    SET enable_mergejoin TO off SET enable_bitmapscan TO off AS $$
#variable_conflict use_column
BEGIN
    IF EXISTS (SELECT FROM closings.pass(markets, moment, true)) THEN
        RAISE EXCEPTION 'a market takes no orders' USING ERRCODE = 'SK001';
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
        RAISE EXCEPTION 'the deal is over' USING ERRCODE = 'SK001';
    END IF;
END $$;

ALTER TABLE deals.claims SET (autovacuum_vacuum_insert_threshold = -1);

CREATE TABLE deals.moves (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	lane BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	what TEXT NOT NULL,
	number BIGINT,
	units INTEGER DEFAULT 0 NOT NULL,
	after BIGINT NOT NULL,
	CONSTRAINT pk_moves PRIMARY KEY (id)
);

CREATE INDEX moves_of_lane ON deals.moves (lane, id);

CREATE TABLE deals.persons (
	lane BIGINT NOT NULL,
	mark BYTEA NOT NULL,
	number BIGINT NOT NULL,
	CONSTRAINT pk_persons PRIMARY KEY (lane, mark, number)
);

CREATE TABLE deals.handed (
	lane BIGINT NOT NULL,
	number BIGINT NOT NULL,
	buyer UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_handed PRIMARY KEY (lane, number)
);

CREATE INDEX handed_to_buyer ON deals.handed (buyer);

CREATE TABLE admission.rulings (
	id UUID NOT NULL,
	product UUID NOT NULL,
	market CHAR(2) NOT NULL,
	decision TEXT NOT NULL,
	rows JSONB NOT NULL,
	reason TEXT NOT NULL,
	until DATE NOT NULL,
	digest BYTEA NOT NULL,
	by UUID,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	paper UUID,
	CONSTRAINT pk_rulings PRIMARY KEY (id),
	CONSTRAINT ck_rulings_decision CHECK (decision IN ('admit', 'bar'))
);

CREATE INDEX rulings_of_product ON admission.rulings (product, market, at);

CREATE OR REPLACE FUNCTION admission.written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'admission.% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER rulings_written_once BEFORE UPDATE OR DELETE ON admission.rulings
    FOR EACH ROW EXECUTE FUNCTION admission.written_once();

CREATE TRIGGER rulings_never_emptied BEFORE TRUNCATE ON admission.rulings
    FOR EACH STATEMENT EXECUTE FUNCTION admission.written_once();

CREATE TABLE audit.entries (
	id UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	actor_kind VARCHAR(8) NOT NULL,
	actor_id UUID,
	verb VARCHAR(60) NOT NULL,
	object_kind VARCHAR(40) NOT NULL,
	object_id VARCHAR(80) NOT NULL,
	facts JSONB NOT NULL,
	CONSTRAINT pk_entries PRIMARY KEY (id)
);

CREATE INDEX entries_by_time ON audit.entries (at, id);

CREATE INDEX entries_of_object ON audit.entries (object_kind, object_id);

CREATE OR REPLACE FUNCTION audit.written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit.% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER entries_written_once BEFORE UPDATE OR DELETE ON audit.entries
    FOR EACH ROW EXECUTE FUNCTION audit.written_once();

CREATE TRIGGER entries_never_emptied BEFORE TRUNCATE ON audit.entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit.written_once();

CREATE TABLE quotes.uses (
	order_id UUID NOT NULL,
	quota VARCHAR(40) NOT NULL,
	market VARCHAR(2) NOT NULL,
	persons BYTEA[] NOT NULL,
	amount NUMERIC(19, 4) NOT NULL,
	on_day DATE NOT NULL,
	counts BOOLEAN NOT NULL,
	CONSTRAINT pk_uses PRIMARY KEY (order_id, quota),
	CONSTRAINT ck_uses_amount CHECK (amount >= 0)
);

CREATE INDEX ix_uses_on_day ON quotes.uses (on_day);

CREATE INDEX ix_uses_persons ON quotes.uses USING gin (persons);

CREATE TABLE quotes.quotes (
	id UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	delivery VARCHAR(80) NOT NULL,
	offer JSONB NOT NULL,
	kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_quotes PRIMARY KEY (id),
	CONSTRAINT ck_quotes_until CHECK (until > kept_at)
);

CREATE INDEX quotes_by_end ON quotes.quotes (until);

CREATE TABLE rates.rates (
	base CHAR(3) NOT NULL,
	quote CHAR(3) NOT NULL,
	"on" DATE NOT NULL,
	rate NUMERIC(24, 12) NOT NULL,
	kind VARCHAR(6) NOT NULL,
	source TEXT NOT NULL,
	mark VARCHAR(9) NOT NULL,
	CONSTRAINT pk_rates PRIMARY KEY (base, quote, "on"),
	CONSTRAINT ck_rates_over_zero CHECK (rate > 0),
	CONSTRAINT ck_rates_two_currencies CHECK (base <> quote),
	CONSTRAINT ck_rates_codes CHECK (base ~ '^[A-Z]{3}$' AND quote ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_rates_kind CHECK (kind IN ('market', 'peg')),
	CONSTRAINT ck_rates_mark CHECK (mark IN ('verified', 'knowledge', 'ours'))
);

CREATE TABLE shipping.parcels (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	seller_id UUID NOT NULL,
	order_number TEXT NOT NULL,
	market CHAR(2) NOT NULL,
	direction TEXT NOT NULL,
	return_id UUID,
	carrier TEXT NOT NULL,
	service TEXT NOT NULL,
	grams INTEGER NOT NULL,
	length_mm INTEGER NOT NULL,
	width_mm INTEGER NOT NULL,
	height_mm INTEGER NOT NULL,
	tracking TEXT,
	waybill_no TEXT,
	label_id UUID,
	promise_from DATE,
	promise_to DATE,
	timezone TEXT NOT NULL,
	cod_amount NUMERIC(19, 4),
	cod_currency CHAR(3),
	cod_collected NUMERIC(19, 4),
	state TEXT NOT NULL,
	planned_at TIMESTAMP WITH TIME ZONE NOT NULL,
	booked_at TIMESTAMP WITH TIME ZONE,
	delivered_at TIMESTAMP WITH TIME ZONE,
	promise_kept BOOLEAN,
	CONSTRAINT pk_parcels PRIMARY KEY (id),
	CONSTRAINT ck_parcels_weighs_something CHECK (grams > 0),
	CONSTRAINT ck_parcels_direction CHECK (direction in ('out', 'back')),
	CONSTRAINT ck_parcels_whole_promise CHECK ((promise_from is null) = (promise_to is null)),
	CONSTRAINT ck_parcels_promise_in_order CHECK (promise_from <= promise_to),
	CONSTRAINT ck_parcels_whole_cod CHECK ((cod_amount is null) = (cod_currency is null)),
	CONSTRAINT ck_parcels_state CHECK (state in ('planned', 'booked', 'picked_up', 'exported', 'imported', 'out', 'failed', 'delivered', 'returning', 'returned', 'lost', 'cancelled')),
	CONSTRAINT ck_parcels_booked CHECK ((state = 'planned') = (tracking is null) or state = 'cancelled'),
	CONSTRAINT ck_parcels_delivered_when CHECK (state <> 'delivered' or delivered_at is not null)
);

CREATE INDEX ix_parcels_order ON shipping.parcels (order_id);

CREATE INDEX ix_parcels_seller ON shipping.parcels (seller_id, id);

CREATE INDEX ix_parcels_under_way ON shipping.parcels (booked_at) WHERE state in ('booked', 'picked_up', 'exported', 'imported', 'out', 'failed', 'returning');

CREATE UNIQUE INDEX ux_parcels_out ON shipping.parcels (order_id) WHERE direction = 'out' and state <> 'cancelled';

CREATE UNIQUE INDEX ux_parcels_return ON shipping.parcels (return_id) WHERE state <> 'cancelled';

CREATE UNIQUE INDEX ux_parcels_tracking ON shipping.parcels (tracking);

CREATE TABLE sellers.sellers (
	id UUID NOT NULL,
	owner UUID NOT NULL,
	slug TEXT NOT NULL,
	name JSONB NOT NULL,
	story JSONB NOT NULL,
	city TEXT NOT NULL,
	country CHAR(2) NOT NULL,
	avatar UUID,
	legal_name TEXT NOT NULL,
	trade_code TEXT NOT NULL,
	uscc TEXT NOT NULL,
	ebc_code TEXT NOT NULL,
	ebc_name TEXT NOT NULL,
	return_address TEXT NOT NULL,
	status TEXT NOT NULL,
	commission_rate NUMERIC(5, 4) NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_sellers PRIMARY KEY (id),
	CONSTRAINT ck_sellers_status CHECK (status IN ('active', 'suspended')),
	CONSTRAINT ck_sellers_commission_rate CHECK (commission_rate BETWEEN 0 AND 0.5),
	CONSTRAINT uq_sellers_slug UNIQUE (slug)
);

CREATE INDEX ix_sellers_owner ON sellers.sellers (owner);

CREATE TABLE translations.terms (
	id UUID NOT NULL,
	seller_id UUID,
	source VARCHAR(12) NOT NULL,
	target VARCHAR(12) NOT NULL,
	word VARCHAR(80) NOT NULL,
	folded VARCHAR(160) NOT NULL,
	meaning VARCHAR(120) NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_terms PRIMARY KEY (id),
	CONSTRAINT ck_terms_word_length CHECK (char_length(word) BETWEEN 1 AND 80),
	CONSTRAINT ck_terms_meaning_length CHECK (char_length(meaning) BETWEEN 1 AND 120),
	CONSTRAINT ck_terms_two_languages CHECK (source <> target)
);

CREATE UNIQUE INDEX one_meaning ON translations.terms (seller_id, source, target, folded) NULLS NOT DISTINCT;

CREATE TABLE translations.memory (
	key BYTEA NOT NULL,
	text TEXT NOT NULL,
	language VARCHAR(12) NOT NULL,
	source VARCHAR(12) NOT NULL,
	engine VARCHAR(40) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_memory PRIMARY KEY (key)
);

CREATE INDEX memory_used ON translations.memory (used_at);

CREATE TABLE identity.users (
	id UUID NOT NULL,
	contact_sealed TEXT NOT NULL,
	contact_index BYTEA NOT NULL,
	name_sealed TEXT NOT NULL,
	language VARCHAR(12) NOT NULL,
	password_hash TEXT,
	is_operator BOOLEAN DEFAULT false NOT NULL,
	confirmed_at TIMESTAMP WITH TIME ZONE,
	agreed_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	erased_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_users PRIMARY KEY (id),
	CONSTRAINT uq_users_contact_index UNIQUE (contact_index)
);

CREATE TABLE identity.doors (
	contact_index BYTEA NOT NULL,
	failures INTEGER DEFAULT '0' NOT NULL,
	shut_until TIMESTAMP WITH TIME ZONE,
	codes INTEGER DEFAULT '0' NOT NULL,
	codes_since TIMESTAMP WITH TIME ZONE NOT NULL,
	code_at TIMESTAMP WITH TIME ZONE,
	touched_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_doors PRIMARY KEY (contact_index),
	CONSTRAINT ck_doors_counts CHECK (failures >= 0 AND codes >= 0)
);

CREATE INDEX ix_doors_touched_at ON identity.doors (touched_at);

CREATE TABLE identity.codes (
	contact_index BYTEA NOT NULL,
	purpose VARCHAR(12) NOT NULL,
	sending UUID NOT NULL,
	contact_sealed TEXT NOT NULL,
	language VARCHAR(12) NOT NULL,
	salt BYTEA NOT NULL,
	tries_left INTEGER NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	proof_hash BYTEA,
	CONSTRAINT pk_codes PRIMARY KEY (contact_index, purpose),
	CONSTRAINT ck_codes_tries_not_negative CHECK (tries_left >= 0),
	CONSTRAINT uq_codes_sending UNIQUE (sending),
	CONSTRAINT uq_codes_proof_hash UNIQUE (proof_hash)
);

CREATE TABLE identity.texts (
	day DATE NOT NULL,
	beginning VARCHAR(16) NOT NULL,
	sent INTEGER NOT NULL,
	CONSTRAINT pk_texts PRIMARY KEY (day, beginning),
	CONSTRAINT ck_texts_sent_positive CHECK (sent > 0)
);

CREATE TABLE identity.challenges (
	challenge BYTEA NOT NULL,
	browser_hash BYTEA NOT NULL,
	user_id UUID,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_challenges PRIMARY KEY (challenge)
);

CREATE INDEX ix_challenges_ends_at ON identity.challenges (ends_at);

CREATE TABLE chat.lines (
	id UUID NOT NULL,
	number BIGINT GENERATED BY DEFAULT AS IDENTITY,
	show_id UUID NOT NULL,
	author BYTEA NOT NULL,
	kind VARCHAR(9) NOT NULL,
	name VARCHAR(60) NOT NULL,
	text VARCHAR(200) NOT NULL,
	language VARCHAR(12) NOT NULL,
	fold BYTEA NOT NULL,
	state VARCHAR(8) NOT NULL,
	held_for VARCHAR(8),
	voices INTEGER DEFAULT '1' NOT NULL,
	folded_into UUID,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	shown_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_lines PRIMARY KEY (id),
	CONSTRAINT ck_lines_kind_known CHECK (kind IN ('viewer', 'moderator', 'host', 'system')),
	CONSTRAINT ck_lines_state_known CHECK (state IN ('shown', 'held', 'hidden', 'folded')),
	CONSTRAINT ck_lines_text_length CHECK (char_length(text) BETWEEN 1 AND 200),
	CONSTRAINT ck_lines_voices_counted CHECK (voices >= 1),
	CONSTRAINT ck_lines_folded_somewhere CHECK ((state = 'folded') = (folded_into IS NOT NULL)),
	CONSTRAINT ck_lines_shown_some_time CHECK (state <> 'shown' OR shown_at IS NOT NULL),
	CONSTRAINT uq_lines_number UNIQUE (number)
);

CREATE INDEX lines_held ON chat.lines (show_id, number) WHERE state = 'held';

CREATE INDEX lines_of_author ON chat.lines (show_id, author, at);

CREATE INDEX lines_seen ON chat.lines (show_id, number) WHERE shown_at IS NOT NULL;

CREATE INDEX lines_shown ON chat.lines (show_id, shown_at, fold) WHERE shown_at IS NOT NULL;

CREATE TABLE chat.speaking (
	show_id UUID NOT NULL,
	slow_seconds INTEGER DEFAULT 0 NOT NULL,
	has_links BOOLEAN DEFAULT false NOT NULL,
	who VARCHAR(8) DEFAULT 'everyone' NOT NULL,
	pinned UUID,
	CONSTRAINT pk_speaking PRIMARY KEY (show_id),
	CONSTRAINT ck_speaking_slow_bounded CHECK (slow_seconds BETWEEN 0 AND 600),
	CONSTRAINT ck_speaking_who_known CHECK (who IN ('everyone', 'known', 'nobody'))
);

CREATE TABLE chat.bans (
	id UUID NOT NULL,
	seller_id UUID NOT NULL,
	show_id UUID,
	author BYTEA NOT NULL,
	name VARCHAR(60) NOT NULL,
	until TIMESTAMP WITH TIME ZONE,
	reason TEXT NOT NULL,
	by VARCHAR(80) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	lifted_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_bans PRIMARY KEY (id),
	CONSTRAINT ck_bans_reason_length CHECK (char_length(reason) <= 200),
	CONSTRAINT ck_bans_shop_bans_have_no_end CHECK (show_id IS NOT NULL OR until IS NULL)
);

CREATE INDEX bans_in_force ON chat.bans (seller_id, author) WHERE lifted_at IS NULL;

CREATE TABLE chat.moderators (
	id UUID NOT NULL,
	seller_id UUID NOT NULL,
	show_id UUID,
	user_id UUID,
	name VARCHAR(60) NOT NULL,
	rights VARCHAR(8)[] NOT NULL,
	secret_index BYTEA NOT NULL,
	named_by VARCHAR(80) NOT NULL,
	named_at TIMESTAMP WITH TIME ZONE NOT NULL,
	opens_until TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_moderators PRIMARY KEY (id),
	CONSTRAINT ck_moderators_rights_known CHECK (rights <@ ARRAY['hide', 'ban', 'pin', 'slow']::varchar[]),
	CONSTRAINT ck_moderators_some_right CHECK (cardinality(rights) > 0),
	CONSTRAINT uq_moderators_secret_index UNIQUE (secret_index)
);

CREATE INDEX moderators_of_shop ON chat.moderators (seller_id);

CREATE INDEX moderators_of_user ON chat.moderators (user_id);

CREATE TABLE chat.market_words (
	market VARCHAR(2) NOT NULL,
	word VARCHAR(40) NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_market_words PRIMARY KEY (market, word)
);

CREATE TABLE chat.words (
	seller_id UUID NOT NULL,
	word VARCHAR(40) NOT NULL,
	added_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_words PRIMARY KEY (seller_id, word)
);

CREATE TABLE payments.payments (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	engine TEXT NOT NULL,
	method TEXT NOT NULL,
	key TEXT NOT NULL,
	charge TEXT NOT NULL,
	amount NUMERIC(19, 4) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	status TEXT NOT NULL,
	provider_id TEXT NOT NULL,
	action TEXT,
	paid NUMERIC(19, 4) NOT NULL,
	fee NUMERIC(19, 4),
	fee_currency VARCHAR(3),
	refunded NUMERIC(19, 4) NOT NULL,
	refunding NUMERIC(19, 4) NOT NULL,
	reason TEXT NOT NULL,
	reason_at TIMESTAMP WITH TIME ZONE,
	attempts INTEGER NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_payments PRIMARY KEY (id),
	CONSTRAINT ck_payments_status CHECK (status IN ('created', 'requires_action', 'pending', 'failed', 'cancelled', 'succeeded')),
	CONSTRAINT ck_payments_amount CHECK (amount > 0),
	CONSTRAINT ck_payments_paid CHECK (paid >= 0 AND paid <= amount),
	CONSTRAINT ck_payments_paid_means_succeeded CHECK (paid = 0 OR status = 'succeeded'),
	CONSTRAINT ck_payments_never_more_back CHECK (refunded >= 0 AND refunding >= 0 AND refunded + refunding <= paid),
	CONSTRAINT uq_payments_key UNIQUE (key)
);

CREATE INDEX ix_payments_order ON payments.payments (order_id);

CREATE INDEX ix_payments_unsettled ON payments.payments (updated_at) WHERE status IN ('created', 'requires_action', 'pending');

CREATE UNIQUE INDEX uq_payments_provider ON payments.payments (engine, provider_id) WHERE provider_id <> '';

CREATE TABLE payments.webhooks (
	id UUID NOT NULL,
	engine TEXT NOT NULL,
	event_id TEXT NOT NULL,
	event JSONB NOT NULL,
	headers JSONB NOT NULL,
	body TEXT NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	outcome TEXT,
	CONSTRAINT pk_webhooks PRIMARY KEY (id),
	CONSTRAINT ck_webhooks_outcome CHECK (outcome IN ('applied', 'stale', 'unknown', 'ignored')),
	CONSTRAINT uq_webhooks_engine_event_id UNIQUE (engine, event_id)
);

CREATE TABLE returns.returns (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	seller_id UUID NOT NULL,
	number TEXT NOT NULL,
	market CHAR(2) NOT NULL,
	reason TEXT NOT NULL,
	words TEXT NOT NULL,
	state TEXT NOT NULL,
	currency CHAR(3) NOT NULL,
	basis JSONB NOT NULL,
	money JSONB NOT NULL,
	return_freight TEXT NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	answer_by TIMESTAMP WITH TIME ZONE NOT NULL,
	answered_at TIMESTAMP WITH TIME ZONE,
	answered_by TEXT,
	answer TEXT DEFAULT '' NOT NULL,
	send_by TIMESTAMP WITH TIME ZONE,
	parcel_id UUID,
	tracking TEXT,
	sent_back_at TIMESTAMP WITH TIME ZONE,
	received_at TIMESTAMP WITH TIME ZONE,
	condition TEXT,
	refunded_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_returns PRIMARY KEY (id),
	CONSTRAINT ck_returns_state CHECK (state in ('asked', 'accepted', 'declined', 'sent_back', 'received', 'refunded', 'closed')),
	CONSTRAINT ck_returns_return_freight CHECK (return_freight in ('buyer', 'seller')),
	CONSTRAINT ck_returns_answered CHECK ((answered_at is null) = (answered_by is null)),
	CONSTRAINT ck_returns_received_when CHECK (state not in ('received', 'refunded') or received_at is not null),
	CONSTRAINT ck_returns_refunded_when CHECK (state <> 'refunded' or refunded_at is not null)
);

CREATE INDEX ix_returns_order ON returns.returns (order_id);

CREATE INDEX ix_returns_seller ON returns.returns (seller_id, id);

CREATE INDEX ix_returns_unanswered ON returns.returns (answer_by) WHERE state = 'asked';

CREATE INDEX ix_returns_unsent ON returns.returns (send_by) WHERE state = 'accepted';

CREATE TABLE returns.withdrawals (
	order_id UUID NOT NULL,
	seller_id UUID NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_withdrawals PRIMARY KEY (order_id)
);

CREATE TABLE notices.notices (
	id UUID NOT NULL,
	key VARCHAR(160) NOT NULL,
	kind VARCHAR(40) NOT NULL,
	language VARCHAR(12) NOT NULL,
	about UUID,
	sealed TEXT NOT NULL,
	state VARCHAR(8) DEFAULT 'queued' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_notices PRIMARY KEY (id),
	CONSTRAINT ck_notices_state_known CHECK (state IN ('queued', 'sent', 'failed', 'erased')),
	CONSTRAINT uq_notices_key UNIQUE (key)
);

CREATE INDEX notices_about ON notices.notices (about);

CREATE INDEX notices_by_time ON notices.notices (created_at);

CREATE TABLE notices.followers (
	seller_id UUID NOT NULL,
	user_id UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	agreed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_followers PRIMARY KEY (seller_id, user_id)
);

CREATE INDEX followers_of_market ON notices.followers (market, user_id);

CREATE TABLE ledger.accounts (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	kind TEXT NOT NULL,
	owner TEXT NOT NULL,
	currency CHAR(3) NOT NULL,
	CONSTRAINT pk_accounts PRIMARY KEY (id),
	CONSTRAINT uq_accounts_kind_owner_currency UNIQUE (kind, owner, currency),
	CONSTRAINT uq_accounts_id_currency UNIQUE (id, currency)
);

CREATE OR REPLACE FUNCTION ledger.written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger.% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER accounts_written_once BEFORE UPDATE OR DELETE ON ledger.accounts
    FOR EACH ROW EXECUTE FUNCTION ledger.written_once();

CREATE TRIGGER accounts_never_emptied BEFORE TRUNCATE ON ledger.accounts
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.written_once();

CREATE TABLE ledger.transfers (
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	reference TEXT NOT NULL,
	key TEXT NOT NULL,
	sides INTEGER NOT NULL,
	actor TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_transfers PRIMARY KEY (id),
	CONSTRAINT ck_transfers_sides CHECK (sides >= 2),
	CONSTRAINT uq_transfers_key UNIQUE (key)
);

CREATE INDEX ix_transfers_at ON ledger.transfers (at, id);

CREATE INDEX ix_transfers_reference ON ledger.transfers (reference);

CREATE OR REPLACE FUNCTION ledger.transfer_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted uuid := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF EXISTS (
        SELECT FROM ledger.entries WHERE transfer = wanted GROUP BY currency HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'transfer % does not balance', wanted USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT count(*) FROM ledger.entries WHERE transfer = wanted)
            <> (SELECT sides FROM ledger.transfers WHERE id = wanted) THEN
        RAISE EXCEPTION 'transfer % has more or fewer sides than it says', wanted
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER transfers_balanced AFTER INSERT ON ledger.transfers
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.transfer_is_balanced('id');

CREATE OR REPLACE FUNCTION ledger.written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger.% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER transfers_written_once BEFORE UPDATE OR DELETE ON ledger.transfers
    FOR EACH ROW EXECUTE FUNCTION ledger.written_once();

CREATE TRIGGER transfers_never_emptied BEFORE TRUNCATE ON ledger.transfers
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.written_once();

CREATE TABLE flows.progress (
	id UUID NOT NULL,
	flow VARCHAR(60) NOT NULL,
	key VARCHAR(200) NOT NULL,
	state VARCHAR(8) DEFAULT 'running' NOT NULL,
	steps_done INTEGER DEFAULT '0' NOT NULL,
	notes JSONB NOT NULL,
	refusal VARCHAR(80),
	touched_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_progress PRIMARY KEY (id),
	CONSTRAINT ck_progress_state_known CHECK (state IN ('running', 'undoing', 'done', 'undone'))
);

CREATE INDEX progress_to_go_on ON flows.progress (touched_at) WHERE state IN ('running', 'undoing');

CREATE UNIQUE INDEX one_progress_a_key ON flows.progress (flow, key);

CREATE TABLE flows.clearings (
	closure_id UUID NOT NULL,
	orders INTEGER NOT NULL,
	done INTEGER DEFAULT '0' NOT NULL,
	failed INTEGER DEFAULT '0' NOT NULL,
	refunded JSONB NOT NULL,
	begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
	finished_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_clearings PRIMARY KEY (closure_id),
	CONSTRAINT ck_clearings_counts CHECK (done >= 0 AND failed >= 0)
);

CREATE TABLE answers.answers (
	asker VARCHAR(80) NOT NULL,
	key VARCHAR(200) NOT NULL,
	fingerprint BYTEA NOT NULL,
	status INTEGER DEFAULT '0' NOT NULL,
	body BYTEA DEFAULT '' NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_answers PRIMARY KEY (asker, key)
);

CREATE INDEX answers_by_age ON answers.answers (at);

CREATE TABLE customs.declarations (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	parcel_id UUID NOT NULL,
	seller_id UUID NOT NULL,
	order_no TEXT NOT NULL,
	cop_no TEXT NOT NULL,
	mode TEXT NOT NULL,
	attempt INTEGER NOT NULL,
	state TEXT NOT NULL,
	reasons JSONB DEFAULT '[]'::jsonb NOT NULL,
	pre_no TEXT DEFAULT '' NOT NULL,
	inventory_no TEXT DEFAULT '' NOT NULL,
	drafted_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE,
	stored_at TIMESTAMP WITH TIME ZONE,
	released_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_declarations PRIMARY KEY (id),
	CONSTRAINT ck_declarations_mode CHECK (mode = '9610'),
	CONSTRAINT ck_declarations_attempt CHECK (attempt >= 1),
	CONSTRAINT ck_declarations_state CHECK (state in ('drafted', 'sent', 'stored', 'reviewing', 'inspecting', 'refused', 'failed', 'released', 'closed')),
	CONSTRAINT ck_declarations_sent_when CHECK (state = 'drafted' or sent_at is not null),
	CONSTRAINT ck_declarations_released_when CHECK (state not in ('released', 'closed') or released_at is not null)
);

CREATE INDEX ix_declarations_open ON customs.declarations (drafted_at) WHERE state not in ('released', 'closed');

CREATE INDEX ix_declarations_order ON customs.declarations (order_id);

CREATE INDEX ix_declarations_seller ON customs.declarations (seller_id, id);

CREATE UNIQUE INDEX ux_declarations_cop_no ON customs.declarations (cop_no);

CREATE UNIQUE INDEX ux_declarations_parcel ON customs.declarations (parcel_id);

CREATE TABLE insight.show_sums (
	show_id UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	orders INTEGER NOT NULL,
	units INTEGER NOT NULL,
	takings NUMERIC(19, 4) NOT NULL,
	CONSTRAINT pk_show_sums PRIMARY KEY (show_id, market, currency)
);

CREATE TABLE insight.product_sums (
	show_id UUID NOT NULL,
	product_id UUID NOT NULL,
	currency VARCHAR(3) NOT NULL,
	units INTEGER NOT NULL,
	takings NUMERIC(19, 4) NOT NULL,
	CONSTRAINT pk_product_sums PRIMARY KEY (show_id, product_id, currency)
);

CREATE TABLE insight.day_sums (
	seller_id UUID NOT NULL,
	day DATE NOT NULL,
	market VARCHAR(2) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	orders INTEGER NOT NULL,
	units INTEGER NOT NULL,
	takings NUMERIC(19, 4) NOT NULL,
	CONSTRAINT pk_day_sums PRIMARY KEY (seller_id, day, market, currency)
);

CREATE TABLE jobs.tick (
	name TEXT NOT NULL,
	began_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	error TEXT NOT NULL,
	CONSTRAINT pk_tick PRIMARY KEY (name)
);

CREATE TABLE catalog.products (
	id UUID NOT NULL,
	seller UUID NOT NULL,
	slug TEXT NOT NULL,
	names JSONB NOT NULL,
	descriptions JSONB NOT NULL,
	material JSONB NOT NULL,
	hs_code TEXT NOT NULL,
	hs_edition TEXT NOT NULL,
	origin CHAR(2) NOT NULL,
	restrictions JSONB NOT NULL,
	has_battery BOOLEAN NOT NULL,
	status TEXT NOT NULL,
	search TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_products PRIMARY KEY (id),
	CONSTRAINT uq_products_seller_slug UNIQUE (seller, slug),
	CONSTRAINT ck_products_status CHECK (status IN ('draft', 'listed', 'withdrawn')),
	CONSTRAINT ck_products_hs_code CHECK (hs_code ~ '^[0-9]{6,10}$'),
	CONSTRAINT fk_products_seller FOREIGN KEY(seller) REFERENCES sellers.sellers (id)
);

CREATE INDEX ix_products_created_at ON catalog.products (created_at, id);

CREATE INDEX ix_products_seller ON catalog.products (seller, created_at, id);

CREATE TABLE stock.hold_lines (
	hold UUID NOT NULL,
	variant UUID NOT NULL,
	warehouse UUID NOT NULL,
	units INTEGER NOT NULL,
	CONSTRAINT pk_hold_lines PRIMARY KEY (hold, variant, warehouse),
	CONSTRAINT ck_hold_lines_units CHECK (units >= 0),
	CONSTRAINT fk_hold_lines_hold FOREIGN KEY(hold) REFERENCES stock.holds (id)
);

CREATE TABLE orders.numbers (
	order_id UUID NOT NULL,
	code VARCHAR(12) NOT NULL,
	sealed TEXT NOT NULL,
	kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_numbers PRIMARY KEY (order_id, code),
	CONSTRAINT fk_numbers_order_id FOREIGN KEY(order_id) REFERENCES orders.orders (id)
);

CREATE TABLE orders.lines (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	position INTEGER NOT NULL,
	variant UUID NOT NULL,
	product UUID NOT NULL,
	sku TEXT NOT NULL,
	name JSONB NOT NULL,
	options TEXT NOT NULL,
	units INTEGER NOT NULL,
	unit_price NUMERIC(19, 4) NOT NULL,
	line_total NUMERIC(19, 4) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	hs_code TEXT NOT NULL,
	origin VARCHAR(2) NOT NULL,
	net_grams INTEGER NOT NULL,
	gross_grams INTEGER NOT NULL,
	unit_code TEXT NOT NULL,
	CONSTRAINT pk_lines PRIMARY KEY (id),
	CONSTRAINT ck_lines_units CHECK (units > 0),
	CONSTRAINT ck_lines_line_total CHECK (unit_price >= 0 AND line_total = unit_price * units),
	CONSTRAINT ck_lines_weights CHECK (net_grams >= 0 AND gross_grams >= 0),
	CONSTRAINT uq_lines_order_id_position UNIQUE (order_id, position),
	CONSTRAINT uq_lines_order_id_variant UNIQUE (order_id, variant),
	CONSTRAINT fk_lines_order_id FOREIGN KEY(order_id) REFERENCES orders.orders (id)
);

CREATE TABLE orders.history (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	order_id UUID NOT NULL,
	old_state TEXT,
	new_state TEXT NOT NULL,
	why TEXT NOT NULL,
	by TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_history PRIMARY KEY (id),
	CONSTRAINT ck_history_new_state CHECK (new_state IN ('held', 'awaiting_payment', 'paid', 'cod_accepted', 'declared', 'shipped', 'delivered', 'expired', 'cancelled', 'refunded')),
	CONSTRAINT fk_history_order_id FOREIGN KEY(order_id) REFERENCES orders.orders (id)
);

CREATE INDEX ix_history_order_id ON orders.history (order_id);

CREATE TABLE deals.deals (
	id UUID NOT NULL,
	show_id UUID NOT NULL,
	seller_id UUID NOT NULL,
	state TEXT DEFAULT 'planned' NOT NULL,
	limit_per_buyer INTEGER NOT NULL,
	countdown_seconds INTEGER NOT NULL,
	length_seconds INTEGER NOT NULL,
	pay_seconds INTEGER NOT NULL,
	has_waitlist BOOLEAN NOT NULL,
	launch_at TIMESTAMP WITH TIME ZONE,
	starts_at TIMESTAMP WITH TIME ZONE,
	ends_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	ended_why TEXT DEFAULT '' NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_deals PRIMARY KEY (id),
	CONSTRAINT ck_deals_state CHECK (state IN ('planned', 'launched', 'ended', 'called_off')),
	CONSTRAINT ck_deals_times CHECK ((starts_at IS NULL) = (ends_at IS NULL) AND starts_at < ends_at),
	CONSTRAINT ck_deals_limit CHECK (limit_per_buyer > 0),
	CONSTRAINT fk_deals_seller_id FOREIGN KEY(seller_id) REFERENCES sellers.sellers (id)
);

CREATE INDEX deals_of_seller ON deals.deals (seller_id, made_at);

CREATE INDEX deals_of_show ON deals.deals (show_id, made_at);

CREATE UNIQUE INDEX one_deal_at_a_time ON deals.deals (show_id) WHERE state = 'launched';

CREATE TABLE deals.coupons (
	id UUID NOT NULL,
	show_id UUID NOT NULL,
	seller_id UUID NOT NULL,
	code VARCHAR(20) NOT NULL,
	percent INTEGER,
	amounts JSONB NOT NULL,
	total INTEGER NOT NULL,
	per_person INTEGER NOT NULL,
	stacks BOOLEAN NOT NULL,
	claimed INTEGER DEFAULT 0 NOT NULL,
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	withdrawn_at TIMESTAMP WITH TIME ZONE,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_coupons PRIMARY KEY (id),
	CONSTRAINT ck_coupons_claimed_within_total CHECK (0 <= claimed AND claimed <= total),
	CONSTRAINT ck_coupons_per_person CHECK (0 < per_person AND per_person <= total),
	CONSTRAINT ck_coupons_percent CHECK (percent BETWEEN 1 AND 90),
	CONSTRAINT ck_coupons_times CHECK (starts_at < ends_at),
	CONSTRAINT fk_coupons_seller_id FOREIGN KEY(seller_id) REFERENCES sellers.sellers (id)
);

CREATE INDEX coupons_of_show ON deals.coupons (show_id, made_at);

CREATE TABLE rooms.shows (
	id UUID NOT NULL,
	seller_id UUID NOT NULL,
	slug VARCHAR(80) NOT NULL,
	titles JSONB NOT NULL,
	cover UUID,
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
	state VARCHAR(8) DEFAULT 'planned' NOT NULL,
	run UUID[] NOT NULL,
	key_sealed TEXT NOT NULL,
	key_index BYTEA NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	has_picture BOOLEAN DEFAULT false NOT NULL,
	replay_path TEXT,
	replay_seconds INTEGER,
	likes BIGINT DEFAULT '0' NOT NULL,
	peak_viewers INTEGER DEFAULT '0' NOT NULL,
	CONSTRAINT pk_shows PRIMARY KEY (id),
	CONSTRAINT ck_shows_state_known CHECK (state IN ('planned', 'live', 'ended')),
	CONSTRAINT ck_shows_times_match CHECK ((state = 'planned') = (started_at IS NULL AND ended_at IS NULL)),
	CONSTRAINT ck_shows_counts_not_negative CHECK (likes >= 0 AND peak_viewers >= 0),
	CONSTRAINT fk_shows_seller_id FOREIGN KEY(seller_id) REFERENCES sellers.sellers (id),
	CONSTRAINT uq_shows_slug UNIQUE (slug),
	CONSTRAINT uq_shows_key_index UNIQUE (key_index)
);

CREATE INDEX shows_by_time ON rooms.shows (state, starts_at);

CREATE INDEX shows_of_seller ON rooms.shows (seller_id, starts_at);

CREATE UNIQUE INDEX one_live_show_a_seller ON rooms.shows (seller_id) WHERE state = 'live';

CREATE TABLE admission.appeals (
	id UUID NOT NULL,
	product UUID NOT NULL,
	seller UUID NOT NULL,
	market CHAR(2) NOT NULL,
	name TEXT NOT NULL,
	rows JSONB NOT NULL,
	words TEXT NOT NULL,
	paper UUID,
	paper_type TEXT NOT NULL,
	digest BYTEA NOT NULL,
	state TEXT NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	answer TEXT NOT NULL,
	until DATE,
	decided_at TIMESTAMP WITH TIME ZONE,
	decided_by UUID,
	CONSTRAINT pk_appeals PRIMARY KEY (id),
	CONSTRAINT ck_appeals_state CHECK (state IN ('open', 'admitted', 'refused')),
	CONSTRAINT ck_appeals_decided CHECK ((state = 'open') = (decided_at IS NULL)),
	CONSTRAINT fk_appeals_seller FOREIGN KEY(seller) REFERENCES sellers.sellers (id)
);

CREATE INDEX appeals_in_time ON admission.appeals (asked_at, id);

CREATE INDEX appeals_of_seller ON admission.appeals (seller, asked_at, id);

CREATE UNIQUE INDEX one_open_appeal ON admission.appeals (product, market) WHERE state = 'open';

CREATE TABLE shipping.track (
	parcel_id UUID NOT NULL,
	event_id TEXT NOT NULL,
	step TEXT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	place TEXT NOT NULL,
	country TEXT NOT NULL,
	amount NUMERIC(19, 4),
	currency CHAR(3),
	heard_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_track PRIMARY KEY (parcel_id, event_id),
	CONSTRAINT ck_track_whole_amount CHECK ((amount is null) = (currency is null)),
	CONSTRAINT fk_track_parcel_id FOREIGN KEY(parcel_id) REFERENCES shipping.parcels (id)
);

CREATE TABLE sellers.answerable (
	seller UUID NOT NULL,
	area TEXT NOT NULL,
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	email TEXT NOT NULL,
	CONSTRAINT pk_answerable PRIMARY KEY (seller, area),
	CONSTRAINT fk_answerable_seller FOREIGN KEY(seller) REFERENCES sellers.sellers (id)
);

CREATE TABLE sellers.warehouses (
	id UUID NOT NULL,
	seller UUID NOT NULL,
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_warehouses PRIMARY KEY (id),
	CONSTRAINT fk_warehouses_seller FOREIGN KEY(seller) REFERENCES sellers.sellers (id)
);

CREATE INDEX ix_warehouses_seller ON sellers.warehouses (seller);

CREATE TABLE identity.passkeys (
	id UUID NOT NULL,
	user_id UUID NOT NULL,
	credential BYTEA NOT NULL,
	public_key BYTEA NOT NULL,
	counter BIGINT NOT NULL,
	transports VARCHAR(20)[] NOT NULL,
	name VARCHAR(60) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	copied_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_passkeys PRIMARY KEY (id),
	CONSTRAINT ck_passkeys_counter_not_negative CHECK (counter >= 0),
	CONSTRAINT fk_passkeys_user_id FOREIGN KEY(user_id) REFERENCES identity.users (id),
	CONSTRAINT uq_passkeys_credential UNIQUE (credential)
);

CREATE INDEX passkeys_of_user ON identity.passkeys (user_id);

CREATE TABLE identity.sessions (
	token_hash BYTEA NOT NULL,
	user_id UUID NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_sessions PRIMARY KEY (token_hash),
	CONSTRAINT fk_sessions_user_id FOREIGN KEY(user_id) REFERENCES identity.users (id)
);

CREATE INDEX sessions_of_user ON identity.sessions (user_id);

CREATE TABLE identity.tokens (
	id UUID NOT NULL,
	secret_hash BYTEA NOT NULL,
	user_id UUID NOT NULL,
	seller_id UUID NOT NULL,
	name VARCHAR(60) NOT NULL,
	scopes VARCHAR(30)[] NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	revoked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_tokens PRIMARY KEY (id),
	CONSTRAINT uq_tokens_secret_hash UNIQUE (secret_hash),
	CONSTRAINT fk_tokens_user_id FOREIGN KEY(user_id) REFERENCES identity.users (id)
);

CREATE INDEX tokens_of_seller ON identity.tokens (seller_id);

CREATE TABLE identity.one_taps (
	user_id UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	receiver_sealed TEXT NOT NULL,
	method VARCHAR(40) NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_one_taps PRIMARY KEY (user_id, market),
	CONSTRAINT fk_one_taps_user_id FOREIGN KEY(user_id) REFERENCES identity.users (id)
);

CREATE TABLE identity.managers (
	id UUID NOT NULL,
	user_id UUID NOT NULL,
	market VARCHAR(2) NOT NULL,
	rights VARCHAR(30)[] NOT NULL,
	why TEXT NOT NULL,
	granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
	granted_by UUID,
	ended_at TIMESTAMP WITH TIME ZONE,
	ended_by UUID,
	ended_why TEXT NOT NULL,
	CONSTRAINT pk_managers PRIMARY KEY (id),
	CONSTRAINT fk_managers_user_id FOREIGN KEY(user_id) REFERENCES identity.users (id)
);

CREATE INDEX managers_of_market ON identity.managers (market);

CREATE UNIQUE INDEX one_grant_a_market ON identity.managers (user_id, market) WHERE ended_at IS NULL;

CREATE TABLE payments.refunds (
	id UUID NOT NULL,
	payment_id UUID NOT NULL,
	order_id UUID NOT NULL,
	engine TEXT NOT NULL,
	key TEXT NOT NULL,
	amount NUMERIC(19, 4) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	why TEXT NOT NULL,
	status TEXT NOT NULL,
	provider_refund_id TEXT NOT NULL,
	reason TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_refunds PRIMARY KEY (id),
	CONSTRAINT ck_refunds_status CHECK (status IN ('created', 'pending', 'succeeded', 'failed')),
	CONSTRAINT ck_refunds_amount CHECK (amount > 0),
	CONSTRAINT uq_refunds_key UNIQUE (key),
	CONSTRAINT fk_refunds_payment_id FOREIGN KEY(payment_id) REFERENCES payments.payments (id)
);

CREATE INDEX ix_refunds_payment_id ON payments.refunds (payment_id);

CREATE INDEX ix_refunds_unsettled ON payments.refunds (updated_at) WHERE status IN ('created', 'pending');

CREATE UNIQUE INDEX uq_refunds_provider ON payments.refunds (engine, provider_refund_id) WHERE provider_refund_id <> '';

CREATE TABLE returns.parts (
	return_id UUID NOT NULL,
	order_line_id UUID NOT NULL,
	variant_id UUID NOT NULL,
	units INTEGER NOT NULL,
	CONSTRAINT pk_parts PRIMARY KEY (return_id, order_line_id),
	CONSTRAINT ck_parts_units CHECK (units > 0),
	CONSTRAINT fk_parts_return_id FOREIGN KEY(return_id) REFERENCES returns.returns (id)
);

CREATE INDEX ix_parts_order_line ON returns.parts (order_line_id);

CREATE TABLE ledger.entries (
	number BIGINT GENERATED ALWAYS AS IDENTITY,
	transfer UUID NOT NULL,
	account BIGINT NOT NULL,
	currency CHAR(3) NOT NULL,
	amount NUMERIC(19, 4) NOT NULL,
	CONSTRAINT pk_entries PRIMARY KEY (number),
	CONSTRAINT fk_entries_account_currency FOREIGN KEY(account, currency) REFERENCES ledger.accounts (id, currency),
	CONSTRAINT ck_entries_amount CHECK (amount <> 0),
	CONSTRAINT fk_entries_transfer FOREIGN KEY(transfer) REFERENCES ledger.transfers (id)
);

CREATE INDEX ix_entries_account ON ledger.entries (account) INCLUDE (amount);

CREATE INDEX ix_entries_transfer ON ledger.entries (transfer);

CREATE OR REPLACE FUNCTION ledger.transfer_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted uuid := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF EXISTS (
        SELECT FROM ledger.entries WHERE transfer = wanted GROUP BY currency HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'transfer % does not balance', wanted USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT count(*) FROM ledger.entries WHERE transfer = wanted)
            <> (SELECT sides FROM ledger.transfers WHERE id = wanted) THEN
        RAISE EXCEPTION 'transfer % has more or fewer sides than it says', wanted
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER entries_balanced AFTER INSERT ON ledger.entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.transfer_is_balanced('transfer');

CREATE OR REPLACE FUNCTION ledger.written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger.% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER entries_written_once BEFORE UPDATE OR DELETE ON ledger.entries
    FOR EACH ROW EXECUTE FUNCTION ledger.written_once();

CREATE TRIGGER entries_never_emptied BEFORE TRUNCATE ON ledger.entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.written_once();

CREATE TABLE hooks.hooks (
	id UUID NOT NULL,
	seller UUID NOT NULL,
	url TEXT NOT NULL,
	kinds VARCHAR(40)[] NOT NULL,
	is_active BOOLEAN DEFAULT 'true' NOT NULL,
	secret TEXT NOT NULL,
	old_secret TEXT,
	old_until TIMESTAMP WITH TIME ZONE,
	failing_since TIMESTAMP WITH TIME ZONE,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_hooks PRIMARY KEY (id),
	CONSTRAINT fk_hooks_seller FOREIGN KEY(seller) REFERENCES sellers.sellers (id)
);

CREATE INDEX hooks_of_seller ON hooks.hooks (seller, made_at);

CREATE TABLE customs.messages (
	guid TEXT NOT NULL,
	unit_guid TEXT NOT NULL,
	declaration_id UUID NOT NULL,
	attempt INTEGER NOT NULL,
	kind TEXT NOT NULL,
	xml TEXT NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_messages PRIMARY KEY (guid),
	CONSTRAINT ck_messages_kind CHECK (kind in ('303', '403', '505', '603')),
	CONSTRAINT ck_messages_upper_case CHECK (guid = upper(guid) and unit_guid = upper(unit_guid)),
	CONSTRAINT fk_messages_declaration_id FOREIGN KEY(declaration_id) REFERENCES customs.declarations (id)
);

CREATE UNIQUE INDEX ux_messages_attempt ON customs.messages (declaration_id, attempt, kind);

CREATE UNIQUE INDEX ux_messages_unit ON customs.messages (unit_guid);

CREATE TABLE outbox.delivery (
	event_id UUID NOT NULL,
	reaction TEXT NOT NULL,
	state TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE NOT NULL,
	error TEXT NOT NULL,
	reason TEXT NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_delivery PRIMARY KEY (event_id, reaction),
	CONSTRAINT ck_delivery_state CHECK (state IN ('waiting', 'done', 'failed', 'dropped')),
	CONSTRAINT ck_delivery_attempts CHECK (attempts >= 0),
	CONSTRAINT ck_delivery_dropped_has_reason CHECK (state <> 'dropped' OR reason <> ''),
	CONSTRAINT fk_delivery_event_id FOREIGN KEY(event_id) REFERENCES outbox.event (id) ON DELETE CASCADE
);

CREATE INDEX ix_delivery_due ON outbox.delivery (due_at) WHERE state = 'waiting';

CREATE INDEX ix_delivery_failed ON outbox.delivery (due_at) WHERE state = 'failed';

CREATE TABLE catalog.variants (
	id UUID NOT NULL,
	product UUID NOT NULL,
	seller UUID NOT NULL,
	sku TEXT NOT NULL,
	options JSONB NOT NULL,
	net_grams INTEGER NOT NULL,
	gross_grams INTEGER NOT NULL,
	length_mm INTEGER NOT NULL,
	width_mm INTEGER NOT NULL,
	height_mm INTEGER NOT NULL,
	unit_code CHAR(3) NOT NULL,
	position INTEGER NOT NULL,
	is_sold BOOLEAN NOT NULL,
	CONSTRAINT pk_variants PRIMARY KEY (id),
	CONSTRAINT uq_variants_seller_sku UNIQUE (seller, sku),
	CONSTRAINT ck_variants_weights CHECK (0 < net_grams AND net_grams <= gross_grams),
	CONSTRAINT ck_variants_size CHECK (least(length_mm, width_mm, height_mm) > 0),
	CONSTRAINT fk_variants_product FOREIGN KEY(product) REFERENCES catalog.products (id),
	CONSTRAINT fk_variants_seller FOREIGN KEY(seller) REFERENCES sellers.sellers (id)
);

CREATE INDEX ix_variants_product ON catalog.variants (product, position);

CREATE TABLE catalog.pictures (
	product UUID NOT NULL,
	position INTEGER NOT NULL,
	file UUID NOT NULL,
	alt JSONB NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	CONSTRAINT pk_pictures PRIMARY KEY (product, position),
	CONSTRAINT ck_pictures_size CHECK (width > 0 AND height > 0),
	CONSTRAINT fk_pictures_product FOREIGN KEY(product) REFERENCES catalog.products (id)
);

CREATE TABLE deals.lanes (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	deal_id UUID NOT NULL,
	variant_id UUID NOT NULL,
	product_id UUID NOT NULL,
	units INTEGER NOT NULL,
	taken INTEGER DEFAULT 0 NOT NULL,
	waiting INTEGER DEFAULT 0 NOT NULL,
	claims BIGINT DEFAULT 0 NOT NULL,
	hold UUID,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_lanes PRIMARY KEY (id),
	CONSTRAINT ck_lanes_taken_within_units CHECK (0 <= taken AND taken <= units),
	CONSTRAINT ck_lanes_counters CHECK (waiting >= 0 AND claims >= 0),
	CONSTRAINT fk_lanes_deal_id FOREIGN KEY(deal_id) REFERENCES deals.deals (id)
)
 WITH (fillfactor = 50);

CREATE INDEX lanes_unclosed ON deals.lanes (deal_id) WHERE hold IS NOT NULL AND closed_at IS NULL;

CREATE UNIQUE INDEX lanes_of_deal ON deals.lanes (deal_id, variant_id);

CREATE TABLE deals.coupon_claims (
	coupon_id UUID NOT NULL,
	number INTEGER NOT NULL,
	buyer UUID NOT NULL,
	key UUID NOT NULL,
	user_id UUID,
	order_id UUID,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_coupon_claims PRIMARY KEY (coupon_id, number),
	CONSTRAINT fk_coupon_claims_coupon_id FOREIGN KEY(coupon_id) REFERENCES deals.coupons (id)
);

CREATE INDEX coupon_claims_by_order ON deals.coupon_claims (order_id) WHERE order_id IS NOT NULL;

CREATE INDEX coupon_claims_of_buyer ON deals.coupon_claims (buyer);

CREATE UNIQUE INDEX coupon_claims_by_key ON deals.coupon_claims (key);

CREATE TABLE rooms.pins (
	id UUID NOT NULL,
	show_id UUID NOT NULL,
	product_id UUID NOT NULL,
	pinned_at TIMESTAMP WITH TIME ZONE NOT NULL,
	unpinned_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_pins PRIMARY KEY (id),
	CONSTRAINT ck_pins_not_backwards CHECK (unpinned_at >= pinned_at),
	CONSTRAINT fk_pins_show_id FOREIGN KEY(show_id) REFERENCES rooms.shows (id)
);

CREATE INDEX pins_of_show ON rooms.pins (show_id, pinned_at);

CREATE UNIQUE INDEX one_open_pin_a_show ON rooms.pins (show_id) WHERE unpinned_at IS NULL;

CREATE TABLE hooks.deliveries (
	id UUID NOT NULL,
	hook UUID NOT NULL,
	key VARCHAR(200) NOT NULL,
	kind VARCHAR(40) NOT NULL,
	body BYTEA NOT NULL,
	state VARCHAR(8) DEFAULT 'waiting' NOT NULL,
	tries INTEGER DEFAULT '0' NOT NULL,
	status INTEGER DEFAULT '0' NOT NULL,
	fault VARCHAR(80) DEFAULT '' NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	next_at TIMESTAMP WITH TIME ZONE,
	sent_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_deliveries PRIMARY KEY (id),
	CONSTRAINT ck_deliveries_state_known CHECK (state IN ('waiting', 'sent', 'failed')),
	CONSTRAINT fk_deliveries_hook FOREIGN KEY(hook) REFERENCES hooks.hooks (id) ON DELETE CASCADE
);

CREATE INDEX deliveries_of_hook ON hooks.deliveries (hook, made_at, id);

CREATE INDEX deliveries_waiting ON hooks.deliveries (next_at) WHERE state = 'waiting';

CREATE UNIQUE INDEX one_delivery_a_key ON hooks.deliveries (hook, key);

CREATE TABLE customs.receipts (
	unit_guid TEXT NOT NULL,
	status INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	info TEXT NOT NULL,
	pre_no TEXT NOT NULL,
	inventory_no TEXT NOT NULL,
	heard_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_receipts PRIMARY KEY (unit_guid, status, at),
	CONSTRAINT fk_receipts_unit_guid FOREIGN KEY(unit_guid) REFERENCES customs.messages (unit_guid)
);

CREATE TABLE deals.prices (
	lane_id BIGINT NOT NULL,
	market VARCHAR(2) NOT NULL,
	amount NUMERIC(19, 4) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	CONSTRAINT pk_prices PRIMARY KEY (lane_id, market),
	CONSTRAINT ck_prices_amount CHECK (amount > 0),
	CONSTRAINT fk_prices_lane_id FOREIGN KEY(lane_id) REFERENCES deals.lanes (id)
);

-- pgqueuer 1.6.0 -- prefix='' schema='jobs' durability=durable

CREATE SCHEMA IF NOT EXISTS jobs;

CREATE TYPE jobs.status AS ENUM ('queued', 'picked', 'successful', 'exception', 'canceled', 'deleted', 'failed');

CREATE TABLE jobs.log (
    id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT now(),
    job_id bigint NOT NULL,
    status jobs.status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
);

CREATE TABLE jobs.queue (
    id bigserial NOT NULL PRIMARY KEY,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    execute_after timestamp with time zone NOT NULL DEFAULT now(),
    status jobs.status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer NOT NULL DEFAULT 0,
    slot bigint
);

CREATE TABLE jobs.schedules (
    id bigserial NOT NULL PRIMARY KEY,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    next_run timestamp with time zone NOT NULL DEFAULT now(),
    last_run timestamp with time zone,
    status jobs.status DEFAULT 'queued'::jobs.status,
    UNIQUE (expression, entrypoint)
);

CREATE TABLE jobs.statistics (
    id bigserial NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT date_trunc('sec'::text, now()),
    count bigint NOT NULL,
    priority integer NOT NULL,
    status jobs.status NOT NULL,
    entrypoint text NOT NULL
);

CREATE INDEX log_created ON jobs.log USING btree (created);

CREATE INDEX log_job_id_status ON jobs.log USING btree (job_id, created DESC);

CREATE INDEX log_not_aggregated ON jobs.log USING btree ((1)) WHERE (NOT aggregated);

CREATE INDEX log_status ON jobs.log USING btree (status);

CREATE INDEX queue_ep_ea_idx ON jobs.queue USING btree (entrypoint, execute_after) WHERE (status = 'queued'::jobs.status);

CREATE INDEX queue_ep_prio_id_idx ON jobs.queue USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::jobs.status);

CREATE INDEX queue_picked_heartbeat_idx ON jobs.queue USING btree (heartbeat) WHERE (status = 'picked'::jobs.status);

CREATE UNIQUE INDEX queue_picked_slot_idx ON jobs.queue USING btree (entrypoint, slot) WHERE ((status = 'picked'::jobs.status) AND (slot IS NOT NULL));

CREATE INDEX queue_priority_id_id1_idx ON jobs.queue USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::jobs.status);

CREATE INDEX queue_queue_manager_id_idx ON jobs.queue USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);

CREATE UNIQUE INDEX queue_unique_dedupe_key ON jobs.queue USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::jobs.status, 'picked'::jobs.status])) AND (dedupe_key IS NOT NULL));

CREATE INDEX queue_updated_id_id1_idx ON jobs.queue USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::jobs.status);

CREATE UNIQUE INDEX statistics_unique_count ON jobs.statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint);

CREATE FUNCTION jobs.queue_changed() RETURNS TRIGGER AS $$
DECLARE
    to_emit BOOLEAN := false;  -- Flag to decide whether to emit a notification
BEGIN
    -- Check operation type and set the emit flag accordingly
    IF TG_OP = 'UPDATE' AND OLD IS DISTINCT FROM NEW THEN
        to_emit := true;
    ELSIF TG_OP = 'DELETE' THEN
        to_emit := true;
    ELSIF TG_OP = 'INSERT' THEN
        to_emit := true;
    ELSIF TG_OP = 'TRUNCATE' THEN
        to_emit := true;
    END IF;

    -- Perform notification if the emit flag is set
    IF to_emit THEN
        PERFORM pg_notify(
            'silkcast_jobs',
            json_build_object(
                'channel', 'silkcast_jobs',
                'operation', lower(TG_OP),
                'sent_at', NOW(),
                'table', TG_TABLE_NAME,
                'type', 'table_changed_event'
            )::text
        );
    END IF;

    -- Return appropriate value based on the operation
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSE
        RETURN NULL; -- For TRUNCATE and other non-row-specific contexts
    END IF;

END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER queue_changed
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON jobs.queue
EXECUTE FUNCTION jobs.queue_changed();
ALTER TABLE jobs.queue DISABLE TRIGGER USER;
