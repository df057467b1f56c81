// Generated from openapi.json by `npm run generate`: do not edit.

export interface paths {
    "/analytics/games/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The analytics of a game
         * @description What its sessions came to in all, and by day or hour: counts, money, RTP, hit rate and volatility with intervals
         *     beside what the profile says, spend, and the drift alarm. It reads tallies that are kept, not events: those are
         *     counted in the background, and a request brings in up to 5,000 more. The form is that of `format`, else the one that
         *     `Accept` likes best: JSON, or CSV with a record for each bucket. `docs/analytics.md` has the formulas.
         */
        get: operations["game_analytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The analytics of a session
         * @description Its counters, its RTP, hit rate and volatility with intervals beside what the profile says, its rounds in at most 64
         *     stretches, its spend by day, and the counters that were recorded on the way. Events are counted in the background; a
         *     request brings in up to 5,000 more of the session. The form is that of `format`, else the one that `Accept` likes best:
         *     JSON, or CSV with a record for each stretch. `docs/analytics.md` has the formulas.
         */
        get: operations["session_analytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The API's description for people */
        get: operations["docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/games": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List games
         * @description In the order of their ids, which is that of their making.
         */
        get: operations["game_list"];
        put?: never;
        /**
         * Add a game
         * @description The server checks the definition, computes its `statistical_profile` exactly, and takes its
         *     fingerprint. Where that takes longer than a request may, a job does it: the profile's `method` is
         *     `pending` until then, and the game cannot be played. A definition that is there already is not added again: the answer is 200 with the
         *     first one's id, whatever the name.
         */
        post: operations["game_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/games/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a game */
        get: operations["game_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/games/{id}/fingerprint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The observed fingerprint of a game
         * @description Estimated from probes and play, and tested against the definition and its exact profile: symbols per reel
         *     (chi-square), RTP and hit rate (z), runs of hits, and an alarm for a return that drifts. Events are counted in
         *     the background and once each; a request brings in up to 5,000 more. `docs/observed-fingerprint.md` has the
         *     formulas.
         */
        get: operations["game_fingerprint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/games/{id}/par-sheet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The PAR sheet of a game
         * @description Everything that the definition and its profile say: strips or weights with the stops of each symbol, pays,
         *     lines, each winning combination with its probability and what it returns, RTP by source, hit frequency,
         *     volatility index, RTP bands by number of games, maximum win, free games, win distribution. Figures that are
         *     not there are null, and `not_computed` says why. The form is that of `format`, else the one that `Accept`
         *     likes best: JSON, a page to print, or CSV.
         */
        get: operations["game_par_sheet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process answers
         * @description Always, as long as it does. It does not look at the store.
         */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List keys
         * @description In the order of their ids, which is that of their making; expired and revoked ones too. Their tokens cannot be
         *     had any more.
         */
        get: operations["key_list"];
        put?: never;
        /**
         * Make a key
         * @description Its `token` is in this answer and nowhere else: only its digest is stored. So a replay could not be given the
         *     same answer, and an `Idempotency-Key` is refused; a key whose token got lost is to be revoked. The first key
         *     must be an admin's. Once there is any key, every caller needs one.
         */
        post: operations["key_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a key */
        get: operations["key_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke a key
         * @description From then on it is refused: by this server at once, by others on the same database within a second. What it
         *     owns stays its own. Revoking it once more changes nothing, so an `Idempotency-Key` has nothing to guard. The
         *     request has no body, or an empty object.
         */
        post: operations["key_revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the data domains
         * @description What is stored, in a line each. The next step is a domain, the one after that a field.
         */
        get: operations["metadata_index"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metadata/{domain}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a data domain
         * @description Its fields in a line each, what always holds, and the endpoints that read or write it.
         */
        get: operations["metadata_domain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metadata/{domain}/{field}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a field of a data domain
         * @description Its JSON Schema, how it is stored, every version of its document, and examples.
         */
        get: operations["metadata_field"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the server's figures
         * @description In the text format of OpenMetrics, as Prometheus scrapes it: latencies by route and status, batches and queues,
         *     connections, refusals by code, play and its return by game, alarms of drift, jobs, streams. They are of this
         *     process since it was started, but for what is observed of games, which is in the store. `docs/watching.md` lists
         *     them all.
         */
        get: operations["server_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The API's description
         * @description This document.
         */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the server can take work
         * @description It can when the store answers, and it was not told to stop.
         */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rl/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the record
         * @description The recorded steps with the floats of their observations, episode by episode (an episode is a session), in
         *     the order of session and `seq`, as a download that is streamed. The last row of each episode has exactly
         *     one of the flags; an episode that is still open, or that the export cuts, is `truncated`. To go on after a
         *     cut, send the `session_id` and `seq` of the last whole row as `cursor`. `docs/rl.md` has the formats.
         */
        get: operations["rl_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rl/export/manifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what an export would be made of
         * @description The manifest of the export with the same parameters: how many rows and episodes, the hash of their content,
         *     the version of the encoder and the fingerprints of the games. Give it a `to`, and the export too, so that
         *     both are of the same rows while play goes on; without one it says which it took.
         */
        get: operations["rl_manifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rl/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the figures of the record
         * @description Over the same rows as the export with the same parameters. Variances are sample variances (n - 1); an
         *     interval is the normal 95 % confidence interval of the mean, mean ± 1.959963984540054 √(variance / n).
         */
        get: operations["rl_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rl/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open many sessions
         * @description Opens up to 4096 sessions of a game, each with a wallet of its own, as `POST /wallets` and `POST /sessions`
         *     would. A session with a seed is a training session: the same actions give the same outcomes whenever it is
         *     opened with that seed, and its draws are marked as not fair.
         */
        post: operations["rl_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rl/spaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the spaces of a game
         * @description The observation and action spaces as Gymnasium has them, for a game and a ladder of stakes, with all that
         *     it takes to make the floats of an observation document. Nothing here depends on a session.
         */
        get: operations["rl_spaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rl/step": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Step many sessions
         * @description Takes one action in each of up to 4096 sessions. Each step is an action like any other: it is committed,
         *     by itself, before the answer, and one that is refused (see `errors`) does not keep the others from being
         *     taken. An action is an index of `GET /rl/spaces` with the same `game_id` and `ladder`, or the body of an
         *     action. With an `Idempotency-Key` each step happens once, by its place in the request.
         *
         *     The body may be `application/vnd.reelhouse.steps` instead: 20 bytes a step, the session's id and the index
         *     as a little-endian i32. The answer is of the same type then, little-endian too: four u32 (version 1, count,
         *     length of an observation k, number of actions n), then count f64 rewards, count i64 seqs, count×k f32
         *     observations, count bytes `terminated`, count bytes `truncated`, count×n bytes of masks, count bytes that
         *     are 1 where a step was refused, and to the end the JSON of `errors`.
         */
        post: operations["rl_step"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schemas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the schemas
         * @description The JSON Schemas, draft 2020-12, of the documents that a game is made of.
         */
        get: operations["schema_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schemas/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a schema
         * @description What fields a document of a game has, and what each may hold. The server checks more: names, lengths against
         *     the grid, and what a game may come to.
         */
        get: operations["schema_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sessions
         * @description In the order of their ids, which is that of their making, or the newest first. A cursor goes with the filter and the
         *     order it came from.
         */
        get: operations["session_list"];
        put?: never;
        /**
         * Open a session
         * @description With a wallet it starts `initialized`, without one `idle`. Its server seed is committed to at once.
         */
        post: operations["session_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a session */
        get: operations["session_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{id}/action": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Act in a session
         * @description The action is one transaction: stake, fee, outcome, payout, event, ledger and state are stored
         *     together or not at all. An answer of 200 means that they are durable.
         *
         *     A list of 1 to 1000 actions is done in its order and in one transaction, and is answered with
         *     `events` when all of it is durable. It stops at the first action that is refused: what was done
         *     before stays done, `refused` says why with the action's `index`, and what comes after is not
         *     tried. When the first action is refused nothing was done, and the answer is that problem. An
         *     `Idempotency-Key` covers the whole list. Probes of one list have at most 10000 spins together.
         */
        post: operations["session_act"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a session's events
         * @description In the order of `seq`.
         */
        get: operations["event_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{id}/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a session's events
         * @description Server-sent events. Every event that the session has or will have, from the one after `Last-Event-ID` or
         *     `after`, is a message without a name, whose `id` is the event's `seq` and whose `data` is the event, as in the
         *     list of events. When the session has ended, a last message named `end` says so (`SessionEnd`), and the stream
         *     is over: a client should not come back then. A stream that is over without it is to be taken up again by
         *     `Last-Event-ID`, as browsers do. Comments keep a quiet stream open.
         */
        get: operations["event_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{id}/fairness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what it takes to check a session's draws
         * @description The server seed is in it once the session has ended.
         */
        get: operations["session_fairness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a session's counters */
        get: operations["session_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{id}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download the proof of a session
         * @description Everything that it takes to check an ended session offline, in one signed document: the definition, the
         *     seeds, every event, the ledger entries they caused and the signed end of the chain. The body is canonical
         *     JSON (RFC 8785) and is to be kept to the byte. How it is checked is in `docs/fairness.md`.
         */
        get: operations["session_proof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/simulations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List simulations
         * @description In the order of their ids, which is that of their making. A cursor goes with the filter it came from.
         */
        get: operations["simulation_list"];
        put?: never;
        /**
         * Queue a simulation
         * @description The rounds are played in the background, so the answer comes at once: look at `Location` for how far it
         *     is. The result depends on the game and the fields of the request alone, not on the machine, nor on
         *     whether it was interrupted. With a `behavior` the rounds are those of a player's sessions, and the report
         *     tells what becomes of the bankroll.
         */
        post: operations["simulation_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/simulations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a simulation
         * @description Its progress is that of its last checkpoint, a few seconds old at most while it runs.
         */
        get: operations["simulation_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/simulations/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a simulation
         * @description What it had counted by its last checkpoint stays in its progress. Cancelling once more changes nothing. The request has no body, or an
         *     empty object.
         */
        post: operations["simulation_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/wallets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List wallets
         * @description In the order of their ids, which is that of their making, or the newest first.
         */
        get: operations["wallet_list"];
        put?: never;
        /**
         * Open a wallet
         * @description An opening balance above zero is booked as a deposit from the cashier.
         */
        post: operations["wallet_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/wallets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a wallet */
        get: operations["wallet_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/wallets/{id}/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a wallet's ledger
         * @description In the order of `seq`, or the newest first. The sum of all entries is the wallet's balance.
         */
        get: operations["ledger_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/wallets/{id}/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deposit, withdraw, or set the daily limit
         * @description A lower limit holds at once, a higher one from 24 hours later.
         */
        post: operations["wallet_operate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description The counter-account of a ledger entry.
         * @enum {string}
         */
        Account: "house" | "fees" | "cashier";
        /** @description One action, or 1 to 1000 of them that are done in their order and in one transaction. */
        ActRequest: components["schemas"]["Action"] | components["schemas"]["ActionList"];
        /** @description What one action, or a list of them, came to. */
        ActResponse: components["schemas"]["ActionAnswer"] | components["schemas"]["PlayAnswer"];
        /** @description What to do in a session. */
        Action: {
            /** @enum {string} */
            type: "attach_wallet";
            /**
             * Format: uuid
             * @description The wallet to play from.
             */
            wallet_id: string;
        } | {
            /** @enum {string} */
            type: "close";
        } | {
            /** @description The stake, in test credits: a positive multiple of the game's unit bet. */
            amount: components["schemas"]["Amount"];
            /** @enum {string} */
            type: "bet";
        } | {
            amount?: components["schemas"]["Amount"] | null;
            /** @enum {string} */
            type: "spin";
        } | {
            /**
             * Format: int32
             * @description How many.
             * @example 1000
             */
            spins: number;
            /** @enum {string} */
            type: "probe";
        } | {
            /** @enum {string} */
            type: "void";
        } | {
            /**
             * @description The player's share in the draws from now on, at most 256 bytes; absent to keep the present one.
             * @example my luckier words
             */
            client_seed?: string | null;
            /** @enum {string} */
            type: "rotate_seed";
        } | {
            /** @enum {string} */
            type: "cash_out";
        } | {
            /** @enum {string} */
            type: "suspend";
        } | {
            /** @enum {string} */
            type: "resume";
        };
        /** @description What an action came to. */
        ActionAnswer: {
            /** @description The event that was recorded. */
            event: components["schemas"]["Event"];
            head: components["schemas"]["SignedHead"] | null;
            /** @description The session after the action. */
            session: components["schemas"]["Session"];
            wallet: components["schemas"]["WalletBrief"] | null;
        };
        /** @description Actions, in the order in which they are to be done. */
        ActionList: components["schemas"]["Action"][];
        /**
         * @description An amount of test credits: a string, exact to 0.0001.
         *
         *     Answers have four decimals always. A request may leave trailing zeros off; it has no sign, exponent,
         *     separator or leading zero, and names at most 1000000000000.0000.
         * @example 12.5000
         */
        Amount: string;
        /** @description An amount that so many of a hundred sessions do not exceed. */
        AmountPercentile: {
            /** @description The amount. */
            amount: components["schemas"]["Amount"];
            /**
             * Format: int64
             * @description How many of a hundred.
             */
            percent: number;
        };
        /**
         * @description What counts say of the game, beside what its profile says. RTP and rates are parts of 1; what cannot be told yet is
         *     null. A p-value is the probability that an honest game is at least so far off.
         */
        AnalyticsFigures: {
            /** @description Paid spins that won something by themselves. */
            hit_rate: components["schemas"]["ObservedHitRate"];
            /**
             * Format: double
             * @description Payouts over stakes, in money; rounds that are still open are in it.
             */
            payback: number | null;
            /** @description What settled rounds returned of a stake, every round alike. */
            rtp: components["schemas"]["ObservedRtp"];
            /** @description How far the results of rounds spread. */
            volatility: components["schemas"]["ObservedVolatility"];
        };
        /**
         * @description How a player chooses stakes: the lowest always (`conservative`), twice the last one after a loss
         *     (`aggressive`), a hundredth of the balance (`adaptive`), or one to eight times the lowest (`random`).
         * @enum {string}
         */
        BettingBehavior: "conservative" | "aggressive" | "adaptive" | "random";
        /** @description A Gymnasium `Box`: its entries say how each float comes from an observation document. */
        BoxSpace: {
            /** @description Always `float32`. */
            dtype: string;
            /**
             * @description For each float: `name`, `unit`, `meaning`, `low`, `high`, and the `formula` that makes it of an
             *     observation document; `docs/rl.md` says how formulas are read.
             */
            entries: Record<string, unknown>[];
            /** @description The upper bounds. */
            high: number[];
            /** @description The lower bounds. */
            low: number[];
            /** @description The length of an observation. */
            shape: number[];
            /** @description Always `Box`. */
            type: string;
        };
        /**
         * @description How long a bucket is.
         * @enum {string}
         */
        BucketSpan: "hour" | "day";
        /** @description An interval that holds the true value with about the stated confidence. */
        ConfidenceInterval: {
            /**
             * Format: int32
             * @description The confidence, in percent.
             */
            confidence: number;
            /**
             * Format: double
             * @description The upper end; null where it is not finite.
             */
            high?: number | null;
            /**
             * Format: double
             * @description The lower end; null where it is not finite.
             */
            low?: number | null;
        };
        /** @description What play costs beside its stakes. */
        CostRate: {
            /** @description Charged with every spin of a probe, in test credits. */
            per_query: components["schemas"]["Amount"];
            /** @description Charged with every paid spin, in test credits. */
            per_spin: components["schemas"]["Amount"];
        };
        /**
         * @description A sum of test credits: a string of four decimals, with a minus where it is below zero.
         * @example 12.5000
         */
        CreditSum: string;
        /** @description What was spent in one day of UTC. */
        DaySpend: {
            /**
             * Format: date
             * @description The day.
             * @example 2026-01-02
             */
            day: string;
            /** @description Fees. */
            fees: components["schemas"]["CreditSum"];
            /** @description Stakes and fees. */
            spend: components["schemas"]["CreditSum"];
            /** @description Stakes played, by the time of their spin. */
            wagered: components["schemas"]["CreditSum"];
            /** @description Payouts. */
            won: components["schemas"]["CreditSum"];
        };
        /**
         * @description A SHA-256 digest, as 64 lower-case hexadecimal digits.
         * @example ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
         */
        Digest: string;
        /** @description A Gymnasium `Discrete`. */
        DiscreteSpace: {
            /** @description What each index does. */
            actions: components["schemas"]["IndexedAction"][];
            /** @description Always `int64`. */
            dtype: string;
            /** @description How many indices there are. */
            n: number;
            /**
             * Format: int32
             * @description The first index: always 0.
             */
            start: number;
            /** @description Always `Discrete`. */
            type: string;
        };
        /**
         * @description What a ledger entry is for.
         * @enum {string}
         */
        EntryKind: "stake" | "payout" | "refund" | "fee" | "deposit" | "withdrawal";
        /** @description The mean and the spread of some numbers. */
        Estimate: {
            /**
             * Format: int64
             * @description How many numbers there are.
             */
            count: number;
            /** @description The lower and the upper end of the 95 % confidence interval of the mean; null of fewer than two. */
            interval: number[] | null;
            /**
             * Format: double
             * @description The mean; null of no numbers.
             */
            mean: number | null;
            /**
             * Format: double
             * @description The sample variance; null of fewer than two numbers.
             */
            variance: number | null;
        };
        /** @description A share with Wilson's score intervals of 90, 95 and 99 %. */
        EstimatedShare: {
            /**
             * Format: int64
             * @description How many counted.
             */
            count: number;
            /** @description Its intervals. */
            intervals: components["schemas"]["ConfidenceInterval"][];
            /**
             * Format: int64
             * @description Of how many.
             */
            of: number;
            /**
             * Format: double
             * @description The one divided by the other.
             */
            value: number;
        };
        /** @description One action of a session with its result, as recorded for good. */
        Event: {
            /** @description What was asked for: a versioned document, such as `{"version":1,"type":"spin","amount":"1.0000"}`. */
            action: Record<string, unknown>;
            /**
             * Format: uuid
             * @description The event's id.
             */
            event_id: string;
            /** @description SHA-256 of the previous event's hash followed by the canonical JSON of the other fields. */
            hash: components["schemas"]["Digest"];
            /**
             * @description What came of it: a versioned document. Of a spin: `stops`, `symbols` (one list per reel, top to
             *     bottom), `wins`, `stake`, `fee`, `payout`, `free_games`, `round`, `balance`.
             */
            result: Record<string, unknown>;
            /**
             * Format: double
             * @description The reward of reinforcement learning, by the session's reward function; unless another was chosen, the
             *     change that the event made to the wallet's balance, in test credits.
             * @example -1
             */
            reward: number;
            /**
             * Format: int64
             * @description The event's place in its session: 1, 2, 3 … without a gap.
             */
            seq: number;
            /**
             * Format: uuid
             * @description The session it belongs to.
             */
            session_id: string;
            /** @description When it happened. */
            timestamp: components["schemas"]["Instant"];
        };
        /** @description What it takes to check a session's draws and its chain of events. */
        Fairness: components["schemas"]["SessionFairness"] & {
            /** @description The head of the chain, which is the hash of the last event; `genesis` before the first. */
            chain_head: components["schemas"]["Digest"];
            /** @description The fingerprint of the game's definition. */
            game_fingerprint: components["schemas"]["Digest"];
            /**
             * Format: uuid
             * @description The game that is played.
             */
            game_id: string;
            /**
             * @description The start of the chain: SHA-256 of the canonical JSON of `version` (1), `session_id`,
             *     `game_fingerprint`, the `commitment` of the first server seed, and `training` where it is true.
             */
            genesis: components["schemas"]["Digest"];
            head: components["schemas"]["SignedHead"] | null;
            /**
             * Format: int64
             * @description The `seq` of the last event; 0 before the first.
             */
            last_seq: number;
            /** @description The key that the house signs with. */
            public_key: components["schemas"]["PublicKey"];
            /**
             * Format: uuid
             * @description The session's id.
             */
            session_id: string;
            /** @description Where the session stands. */
            state: components["schemas"]["SessionState"];
        };
        /** @description A game. Games never change, but for a profile that is still to come. */
        Game: {
            /** @description When the game was first posted. */
            created_at: components["schemas"]["Instant"];
            /** @description SHA-256 over the canonical JSON (RFC 8785) of `rng_signature` and `symbol_map`. */
            fingerprint: components["schemas"]["Digest"];
            /**
             * Format: uuid
             * @description The game's id.
             */
            game_id: string;
            /**
             * @description The name for people.
             * @example Lucky Seven
             */
            name: string;
            profile_job?: components["schemas"]["ProfileJob"] | null;
            /** @description How outcomes are drawn, every default filled in. */
            rng_signature: Record<string, unknown>;
            /**
             * @description The figures that the server computed: RTP, hit frequency, volatility and more. While its `method` is
             *     `pending` a job computes them, and the game cannot be played; with the method `rejected` the figures
             *     that were declared differ from the computed ones, both of which are in `faults`.
             */
            statistical_profile: Record<string, unknown>;
            /** @description What the symbols are and pay, every default filled in. */
            symbol_map: Record<string, unknown>;
        };
        /** @description What a game came to, as far as its events were counted. */
        GameAnalytics: {
            /** @description When the counts were last brought up to date. */
            as_of: components["schemas"]["Instant"];
            /** @description The sequential test of the return, as in the observed fingerprint. */
            drift: Record<string, unknown>;
            /** @description What that says. */
            figures: components["schemas"]["AnalyticsFigures"];
            /** @description SHA-256 over the canonical JSON of the definition. */
            fingerprint: components["schemas"]["Digest"];
            /** Format: uuid */
            game_id: string;
            /** @description The name for people. */
            name: string;
            /** @description What all that was counted came to. */
            play: components["schemas"]["PlayTotals"];
            /** @description The buckets of the window. */
            series: components["schemas"]["TimeSeries"];
            /** @description Whether more events wait to be counted than this request could bring in: ask again. */
            waiting: boolean;
        };
        /** @description What the house signs of an ended session, as canonical JSON. */
        HeadStatement: {
            /** @description The hash of its last event. */
            chain_head: components["schemas"]["Digest"];
            /** @description Always `session_head`. */
            kind: string;
            /**
             * Format: int64
             * @description The `seq` of its last event.
             */
            last_seq: number;
            /**
             * Format: uuid
             * @description The session.
             */
            session_id: string;
            /** @description The state that it ended in. */
            state: components["schemas"]["SessionState"];
            /** @description The instant of its last event. */
            timestamp: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description Always 1.
             */
            version: number;
        };
        /** @description How the server is. */
        Health: {
            /**
             * @description `ok` or `ready`.
             * @example ok
             */
            status: string;
        };
        /** @description An action by its index. */
        IndexedAction: {
            /**
             * @description The body of `POST /sessions/{id}/action`; null for index 2, which recorded actions have that are
             *     none of the others: it cannot be asked for.
             */
            body: Record<string, unknown> | null;
            /** @description The index. */
            index: number;
            /**
             * @description The name.
             * @example spin 1.0000
             */
            name: string;
        };
        /**
         * Format: date-time
         * @description An instant in UTC, to the millisecond.
         * @example 2026-01-02T03:04:05.678Z
         */
        Instant: string;
        /** @description Why a job failed. */
        JobFailure: {
            /** @description Every figure of a declared profile that differs, with both values. */
            faults: Record<string, unknown>[];
            /** @description For people, a sentence. */
            reason: string;
        };
        /** @description How far a job is. */
        JobProgress: {
            /**
             * Format: int64
             * @description How much is done: rounds of a simulation, steps of a count.
             */
            done: number;
            /**
             * Format: double
             * @description How much was done in a second, on average since the present worker began.
             */
            per_second?: number | null;
            /**
             * Format: double
             * @description The return of the rounds so far, a part of 1.
             * @example 0.9572
             */
            rtp?: number | null;
            /** @description Its intervals of 90, 95 and 99 %. */
            rtp_intervals?: components["schemas"]["ConfidenceInterval"][] | null;
            /**
             * Format: int64
             * @description How much there is to do at most; null while nobody knows.
             */
            total?: number | null;
        };
        /**
         * @description Where a job stands.
         * @enum {string}
         */
        JobState: "queued" | "running" | "completed" | "failed" | "cancelled";
        /** @description A key, without its token. */
        Key: {
            /** @description When it was made. */
            created_at: components["schemas"]["Instant"];
            expires_at: components["schemas"]["Instant"] | null;
            /**
             * Format: uuid
             * @description The key's id.
             */
            key_id: string;
            /** @description What people call it. */
            name: string;
            revoked_at: components["schemas"]["Instant"] | null;
            /** @description What it is for. */
            role: components["schemas"]["Role"];
        };
        /**
         * @description One entry of a wallet's ledger. It is both sides of a double entry: `amount` to the wallet,
         *     `-amount` to `account`.
         */
        LedgerEntry: {
            /** @description The counter-account. */
            account: components["schemas"]["Account"];
            /** @description The change of the wallet's balance, signed, in test credits. */
            amount: components["schemas"]["SignedAmount"];
            /** @description The wallet's balance after the entry. */
            balance_after: components["schemas"]["Amount"];
            /** @description The wallet's balance before the entry. */
            balance_before: components["schemas"]["Amount"];
            /**
             * Format: uuid
             * @description The entry's id.
             */
            entry_id: string;
            /**
             * Format: uuid
             * @description The gameplay event that moved the money; else there is an `operation_id`.
             */
            event_id?: string | null;
            /** @description What the entry is for. */
            kind: components["schemas"]["EntryKind"];
            /**
             * Format: uuid
             * @description The operation that moved the money; else there is an `event_id`.
             */
            operation_id?: string | null;
            /**
             * Format: int64
             * @description The entry's place in its wallet's ledger: 1, 2, 3 … without a gap.
             */
            seq: number;
            /** @description When it happened. */
            timestamp: components["schemas"]["Instant"];
            /**
             * Format: uuid
             * @description The wallet whose balance changed.
             */
            wallet_id: string;
        };
        /** @description A key that was made, with its token. */
        MadeKey: components["schemas"]["Key"] & {
            /**
             * @description What to send as `Authorization: Bearer …`. It is shown here and never again.
             * @example reel_0b1C2d3E4f5G6h7I8j9K0l1M2n3O4p5Q6r7S8t9U0v1W2x3Y4
             */
            token: string;
        };
        /** @description The manifest of a dataset, as the API's description has it. */
        Manifest: {
            /**
             * Format: int32
             * @description The version of the encoder.
             */
            encoder_version: number;
            /**
             * Format: int64
             * @description How many episodes they are of.
             */
            episodes: number;
            /** @description What was asked for, with the instant that it is up to. */
            filter: Record<string, unknown>;
            /** @description The games: `game_id`, `name`, `fingerprint`, `ladder`, `episodes`, `rows`. */
            games: Record<string, unknown>[];
            /** @description A name for the dataset: that of the game, or `all`. */
            name: string;
            /** @description Where to go on when `limit` cut the dataset; else null. */
            next_cursor: string | null;
            /** @description The names of the floats of an observation. */
            observation: string[];
            /**
             * Format: int64
             * @description How many rows there are.
             */
            rows: number;
            /** @description SHA-256 over the content, whatever the format; `docs/rl.md` says how it is taken. */
            sha256: string;
            /** @description The program that wrote it. */
            software: string;
            /**
             * Format: int64
             * @description How many of the episodes ended for good.
             */
            terminated: number;
            /**
             * Format: int64
             * @description How many were cut off.
             */
            truncated: number;
            /**
             * Format: int32
             * @description The version of this document.
             */
            version: number;
        };
        /** @description A data domain. */
        MetadataDomain: {
            /** @description What it is. */
            about: string;
            /**
             * @description The endpoints that read or write it.
             * @example [
             *       "GET /wallets/{id}"
             *     ]
             */
            endpoints: string[];
            /** @description Its fields. */
            fields: components["schemas"]["MetadataFieldLine"][];
            /** @description What always holds. */
            invariants: string[];
            /**
             * @description The name.
             * @example wallets
             */
            name: string;
            /** @description The page of the documentation that says more. */
            page: string;
            /** @description The tables that hold it; none where it is made on request. */
            tables: string[];
        };
        /** @description A data domain in a line. */
        MetadataDomainLine: {
            /** @description What it is. */
            about: string;
            /**
             * @description Where its fields are.
             * @example /metadata/wallets
             */
            href: string;
            /**
             * @description The name.
             * @example wallets
             */
            name: string;
        };
        /** @description A field. */
        MetadataField: {
            /** @description What it means. */
            about: string;
            /**
             * @description The domain.
             * @example wallets
             */
            domain: string;
            /** @description Values. */
            examples: unknown[];
            /**
             * @description The name.
             * @example cost_rate
             */
            name: string;
            /** @description Whether it may be absent. */
            nullable: boolean;
            /** @description The JSON Schema, draft 2020-12, of the newest version where there are versions. */
            schema: Record<string, unknown>;
            /** @description Whether answers show it. */
            shown: boolean;
            /** @description The columns that hold it. */
            storage: components["schemas"]["MetadataStorage"][];
            /**
             * @description What it holds, in a word.
             * @example document
             */
            type: string;
            /** @description Every version that may be stored, from the oldest to the newest, which is what is written now. */
            versions: components["schemas"]["MetadataVersion"][];
        };
        /** @description A field in a line. */
        MetadataFieldLine: {
            /** @description What it means. */
            about: string;
            /**
             * @description Where its schema is.
             * @example /metadata/wallets/cost_rate
             */
            href: string;
            /**
             * @description The name.
             * @example cost_rate
             */
            name: string;
            /** @description Whether it may be absent. */
            nullable: boolean;
            /**
             * @description What it holds, in a word.
             * @example document
             */
            type: string;
        };
        /** @description The data domains. */
        MetadataIndex: {
            /** @description All of them. */
            domains: components["schemas"]["MetadataDomainLine"][];
        };
        /** @description A column. */
        MetadataStorage: {
            /**
             * @description Its type on PostgreSQL.
             * @example jsonb
             */
            postgresql: string;
            /**
             * @description Its type on SQLite; null where SQLite has no such table.
             * @example TEXT
             */
            sqlite?: string | null;
            /** @description The table. */
            table: string;
        };
        /** @description A version of a document. */
        MetadataVersion: {
            /** @description What sets it apart from the version before. */
            about: string;
            /** @description A document as this version wrote it. */
            example: Record<string, unknown>;
            /**
             * Format: int64
             * @description The number in the document's `version`.
             */
            version: number;
        };
        /** @description The running counters of a session. */
        MetricsAnswer: {
            /** @description The counters. */
            metrics: components["schemas"]["SessionMetrics"];
            /**
             * Format: uuid
             * @description The session's id.
             */
            session_id: string;
            /** @description Where the session stands. */
            state: components["schemas"]["SessionState"];
            /** @description When the session last changed. */
            updated_at: components["schemas"]["Instant"];
        };
        /** @description What play shall cost beside its stakes. */
        NewCostRate: {
            per_query?: components["schemas"]["Amount"] | null;
            per_spin?: components["schemas"]["Amount"] | null;
        };
        /** @description A game to be added to the catalogue. */
        NewGame: {
            /**
             * @description The name for people.
             * @example Lucky Seven
             */
            name: string;
            /**
             * @description How outcomes are drawn: a document of version 1, with the reel strips of each mode. `GET
             *     /schemas/rng_signature` has its JSON Schema.
             */
            rng_signature: Record<string, unknown>;
            /**
             * @description Figures that the caller holds to be the game's. They are compared with the computed ones, and a
             *     difference is refused.
             */
            statistical_profile?: Record<string, unknown> | null;
            /**
             * @description What the symbols are and pay: a document of version 1, with the grid, the lines and the pays. `GET
             *     /schemas/symbol_map` has its JSON Schema.
             */
            symbol_map: Record<string, unknown>;
        };
        /** @description A key to be made. */
        NewKey: {
            expires_at?: components["schemas"]["Instant"] | null;
            /**
             * @description What people call it.
             * @example the training machine
             */
            name: string;
            /** @description What it is for. */
            role: components["schemas"]["Role"];
        };
        /** @description An operation to be done on a wallet. */
        NewOperation: {
            /** @description How much, above zero for a deposit or a withdrawal; or the limit to set. In test credits. */
            amount: components["schemas"]["Amount"];
            /** @description What to do. */
            type: components["schemas"]["OperationType"];
        };
        /** @description Sessions to be opened. */
        NewReset: {
            player_profile?: components["schemas"]["PlayerProfile"] | null;
            reward?: components["schemas"]["Reward"] | null;
            /** @description For each session its training seed, or null for fair draws. */
            seeds: (number | null)[];
            /** @description What each session's wallet is opened with. */
            wallet: components["schemas"]["NewWallet"];
        };
        /** @description A session to be opened. */
        NewSession: {
            /**
             * @description The player's share in the draws, at most 256 bytes; absent for the session's id.
             * @example my lucky words
             */
            client_seed?: string | null;
            /**
             * Format: uuid
             * @description The game to play.
             */
            game_id: string;
            player_profile?: components["schemas"]["PlayerProfile"] | null;
            reward?: components["schemas"]["Reward"] | null;
            /**
             * Format: int64
             * @description Makes it a training session, whose server seed is SHA-256 of `reelhouse training seed 1` and this
             *     number as 8 big-endian bytes, so that the same play gives the same outcomes. Such draws are not fair
             *     and are marked as `training` wherever they are shown. Absent for fair draws.
             */
            training_seed?: number | null;
            /**
             * Format: uuid
             * @description The wallet to play from; absent or null for a session that starts `idle`.
             */
            wallet_id?: string | null;
        };
        /** @description A simulation to be queued. */
        NewSimulation: {
            behavior?: components["schemas"]["BettingBehavior"] | null;
            /**
             * Format: uuid
             * @description The game to simulate. It need not have its profile yet.
             */
            game_id: string;
            /**
             * Format: double
             * @description Stop at the first block of some 262144 rounds after which the 95 % interval of the RTP reaches no
             *     further than this to either side, as a part of the stake: 0.001 is a tenth of a percent.
             */
            half_width?: number | null;
            max_bet?: components["schemas"]["Amount"] | null;
            /**
             * Format: int64
             * @description How many rounds at most. A round is a paid spin with all its free games. With a player it is the
             *     rounds that the sessions would have if none ended early.
             */
            rounds: number;
            /**
             * Format: int64
             * @description The seed of the generator: the same request with the same seed finds the same. Where there is none,
             *     one is drawn, and the answer tells it.
             */
            seed?: number | null;
            /**
             * Format: int64
             * @description With a behavior, after how many rounds a session ends that was not ruined before; 1000 where it is
             *     left off.
             */
            session_rounds?: number | null;
            /** @description The stake of a round, a multiple of the game's unit bet. With a player the lowest one. */
            stake: components["schemas"]["Amount"];
            starting_balance?: components["schemas"]["Amount"] | null;
        };
        /** @description A step to be taken. */
        NewStep: {
            /** @description An index of the action space, or the body of an action. */
            action: components["schemas"]["StepAction"];
            /**
             * Format: uuid
             * @description The session.
             */
            session_id: string;
        };
        /** @description Steps to be taken. */
        NewSteps: {
            /** @description The steps, each of another session. */
            steps: components["schemas"]["NewStep"][];
        };
        /** @description A wallet to be opened. */
        NewWallet: {
            /** @description The opening balance, in test credits; it is booked as a deposit. */
            balance: components["schemas"]["Amount"];
            cost_rate?: components["schemas"]["NewCostRate"] | null;
            daily_limit?: components["schemas"]["Amount"] | null;
            /**
             * @description The IANA time zone whose days the limit counts.
             * @default UTC
             * @example Europe/Berlin
             */
            time_zone?: string | null;
        };
        /** @description What an agent sees of its session after an action. */
        Observation: {
            balance: components["schemas"]["Amount"] | null;
            balance_start: components["schemas"]["Amount"] | null;
            /**
             * Format: int64
             * @description Rounds since the last one that paid.
             */
            dry_run: number;
            /** @description The fee of a paid spin, in test credits. */
            fee: components["schemas"]["Amount"];
            /**
             * Format: int32
             * @description Free games left in the open round.
             */
            free_games_left: number;
            /** @description What the last event paid, in test credits. */
            last_payout: components["schemas"]["Amount"];
            max_bet: components["schemas"]["Amount"] | null;
            /** @description Payouts less stakes played and fees so far, in test credits, signed. */
            net: components["schemas"]["SignedAmount"];
            spend_left: components["schemas"]["Amount"] | null;
            /**
             * Format: int64
             * @description Paid spins so far.
             */
            spins: number;
            /** @description The stake that is held or whose round is open, else the last one; zero before the first. */
            stake: components["schemas"]["Amount"];
            /** @description Where the session stands. */
            state: components["schemas"]["SessionState"];
        };
        /** @description What counts cover. */
        ObservedCoverage: {
            /**
             * Format: int64
             * @description Events of every kind.
             */
            events: number;
            /**
             * Format: int64
             * @description Free games.
             */
            free_games: number;
            /**
             * Format: int64
             * @description Demo spins of probes.
             */
            probe_spins: number;
            /**
             * Format: int64
             * @description Settled rounds of play, and those of probes.
             */
            rounds: number;
            /**
             * Format: int64
             * @description Paid spins.
             */
            spins: number;
        };
        /**
         * @description What was observed of a game. Counts are whole; statistics are floats, RTP and rates parts of 1. A p-value is the
         *     probability that an honest game is at least so far off. What cannot be told yet is null.
         */
        ObservedFingerprint: {
            /** @description When the counts were last brought up to date. */
            as_of: components["schemas"]["Instant"];
            /** @description What the counts cover. */
            covers: components["schemas"]["ObservedCoverage"];
            /**
             * @description The sequential test of the return: `rounds`, `statistic`, its `threshold`, the `average_run_length` in rounds
             *     between false alarms (at least), whether it `alarmed`, the number of `alarms`, `first_alarm` and `last_alarm`
             *     (`at`, `round`, `direction`).
             */
            drift: Record<string, unknown>;
            /** @description SHA-256 over the canonical JSON of the definition. */
            fingerprint: components["schemas"]["Digest"];
            /** Format: uuid */
            game_id: string;
            /**
             * @description Paid spins that won something by themselves: `observed` (`count`, `of`, `value`, `intervals`), `expected`,
             *     `z`, `p_value`.
             */
            hit_rate: Record<string, unknown>;
            /**
             * @description `rounds`, the `observed` and the exact `expected` RTP, `standard_error`, `z`, `p_value`, and the `bands` of 90,
             *     95 and 99 % in which the observed one should lie.
             */
            rtp: Record<string, unknown>;
            /** @description The Wald–Wolfowitz test: `hits`, `misses`, `runs`, how many are `expected`, `z`, `p_value`. */
            runs: Record<string, unknown>;
            /**
             * @description By `mode`, its `windows`, and by reel its `chi_square` (null when it showed what it cannot),
             *     `degrees_of_freedom`, `p_value`, and by symbol how often it was `observed` and `expected`.
             */
            symbols: Record<string, unknown>[];
            /** @description Whether more events wait to be counted than this request could bring in: ask again. */
            waiting: boolean;
        };
        /** @description An observed hit rate beside the exact one. */
        ObservedHitRate: {
            /**
             * Format: double
             * @description That of the profile.
             */
            expected: number | null;
            /** @description The hits and the paid spins, with Wilson's intervals. */
            observed: components["schemas"]["EstimatedShare"];
            /**
             * Format: double
             * @description The p-value of that.
             */
            p_value: number | null;
            /**
             * Format: double
             * @description How many standard errors the observed one lies off.
             */
            z: number | null;
        };
        /** @description An observed RTP beside the exact one. */
        ObservedRtp: {
            /** @description In which bounds the observed one lies at 90, 95 and 99 %, around the expected one; none without a profile. */
            bands: components["schemas"]["ConfidenceInterval"][];
            /**
             * Format: double
             * @description That of the profile.
             */
            expected: number | null;
            /**
             * @description The intervals of 90, 95 and 99 % around the observed one, by the spread of the rounds themselves; none before
             *     two rounds.
             */
            intervals: components["schemas"]["ConfidenceInterval"][];
            /**
             * Format: double
             * @description What they returned of a stake on average.
             */
            observed: number | null;
            /**
             * Format: double
             * @description The p-value of that.
             */
            p_value: number | null;
            /**
             * Format: int64
             * @description Settled rounds.
             */
            rounds: number;
            /**
             * Format: double
             * @description The standard deviation of the observed one, by the profile.
             */
            standard_error: number | null;
            /**
             * Format: double
             * @description How many standard errors the observed one lies off.
             */
            z: number | null;
        };
        /** @description How far the results of rounds spread, in stakes. */
        ObservedVolatility: {
            /**
             * Format: double
             * @description That of the profile.
             */
            expected: number | null;
            /**
             * Format: double
             * @description The observed one times 1.645: the volatility index at 90 %.
             */
            index: number | null;
            /**
             * Format: double
             * @description The standard deviation of a round; null before two rounds.
             */
            observed: number | null;
        };
        /** @description An operation that was done. */
        Operation: {
            /** @description How much, or the limit that was asked for, in test credits. */
            amount: components["schemas"]["Amount"];
            /**
             * Format: uuid
             * @description The operation's id.
             */
            operation_id: string;
            /** @description When it was done. */
            timestamp: components["schemas"]["Instant"];
            /** @description What was done. */
            type: components["schemas"]["OperationType"];
            /**
             * Format: uuid
             * @description The wallet it was done to.
             */
            wallet_id: string;
        };
        /** @description An operation that was done, and the wallet after it. */
        OperationAnswer: {
            /** @description The operation. */
            operation: components["schemas"]["Operation"];
            /** @description The wallet. */
            wallet: components["schemas"]["Wallet"];
        };
        /**
         * @description What is done to a wallet from outside of play.
         * @enum {string}
         */
        OperationType: "deposit" | "withdraw" | "set_daily_limit";
        /**
         * @description Which end a list begins at.
         * @enum {string}
         */
        Order: "oldest" | "newest";
        /** @description A page of a list. */
        Page_Event: {
            /** @description The items, in the order of their making. */
            items: components["schemas"]["Event"][];
            /**
             * @description What to send as `cursor` for the next page; null on the last one.
             * @example 01a3f2c4d5e6f7
             */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        Page_Game: {
            /** @description The items, in the order of their making. */
            items: components["schemas"]["Game"][];
            /**
             * @description What to send as `cursor` for the next page; null on the last one.
             * @example 01a3f2c4d5e6f7
             */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        Page_Key: {
            /** @description The items, in the order of their making. */
            items: components["schemas"]["Key"][];
            /**
             * @description What to send as `cursor` for the next page; null on the last one.
             * @example 01a3f2c4d5e6f7
             */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        Page_LedgerEntry: {
            /** @description The items, in the order of their making. */
            items: components["schemas"]["LedgerEntry"][];
            /**
             * @description What to send as `cursor` for the next page; null on the last one.
             * @example 01a3f2c4d5e6f7
             */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        Page_Session: {
            /** @description The items, in the order of their making. */
            items: components["schemas"]["Session"][];
            /**
             * @description What to send as `cursor` for the next page; null on the last one.
             * @example 01a3f2c4d5e6f7
             */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        Page_Simulation: {
            /** @description The items, in the order of their making. */
            items: components["schemas"]["Simulation"][];
            /**
             * @description What to send as `cursor` for the next page; null on the last one.
             * @example 01a3f2c4d5e6f7
             */
            next_cursor: string | null;
        };
        /** @description A page of a list. */
        Page_Wallet: {
            /** @description The items, in the order of their making. */
            items: components["schemas"]["Wallet"][];
            /**
             * @description What to send as `cursor` for the next page; null on the last one.
             * @example 01a3f2c4d5e6f7
             */
            next_cursor: string | null;
        };
        /**
         * @description A PAR sheet, as the API's description has it. Figures are `{"exact":"n/d","percent":…}` or
         *     `{"exact":"n/d","decimal":…}`: a fraction in lowest terms, and the same rounded half up to 12 decimals.
         */
        ParSheet: {
            /**
             * @description By mode, each symbol and count with its `pay`, `combinations`, `probability` and `rtp`, and the `interval` of a
             *     simulated `rtp`.
             */
            combinations: Record<string, unknown> | null;
            /** @description When the game was first posted. */
            created_at: components["schemas"]["Instant"];
            /** @description How many combinations each mode has. */
            cycle: Record<string, unknown> | null;
            /**
             * Format: int32
             * @description The version of the mathematics that they were got with.
             */
            engine_version: number | null;
            /** @description `wild_multipliers`, and `free_games`, `full_grid`, `cascades`, `respins` where there are any. */
            features: Record<string, unknown>;
            /** @description SHA-256 over the canonical JSON of the definition. */
            fingerprint: components["schemas"]["Digest"];
            /** @description The figures of free games: trigger and retrigger frequency, the series of retriggers, RTP. */
            free_games: Record<string, unknown> | null;
            /** Format: uuid */
            game_id: string;
            /** @description Paid spins that win something by themselves. */
            hit_frequency: Record<string, unknown> | null;
            /** @description One less the RTP. */
            hold: Record<string, unknown> | null;
            /** @description `reels`, `rows` of each reel, `evaluation`, `bets` of a unit bet, `ways`, `credit`, `unit_bet`. */
            layout: Record<string, unknown>;
            /** @description The most that one spin wins, with its odds, by mode. */
            max_win: Record<string, unknown> | null;
            /** @description How the figures were got, as in the game's `statistical_profile`; `pending` while they are being computed. */
            method: string | null;
            /** @description The name for people. */
            name: string;
            /** @description What is left out of the figures, and why. */
            not_computed: string[];
            /** @description What symbols pay, in bets: the columns `counts` (`from`, `to`) and per symbol its `pays` by column. */
            pays: Record<string, unknown>;
            /**
             * @description By mode, `strips` or `weights`, weights of `rows` where they vary, the `stops` of each reel, and per symbol
             *     its `stops` by reel and in `total`; for weights, sums of weights.
             */
            reels: Record<string, unknown>;
            /** @description A whole paid round: `mean`, `variance`, `standard_deviation`, `volatility_index` at 90, 95 and 99 %. */
            round: Record<string, unknown> | null;
            /** @description The return to player by source, with its `total`. */
            rtp: Record<string, unknown> | null;
            /** @description For 10³ to 10⁷ `games`, the `bands` of the RTP at each confidence, in percent. */
            rtp_bands: Record<string, unknown>[];
            /** @description What scatters pay, in total stakes, in the same form. */
            scatter_pays: Record<string, unknown>;
            /**
             * @description Where simulated figures come from: `generator`, `seed`, `rounds`, `rtp_intervals`, `source_intervals` unless
             *     the RTP is exact all the same; null when all are exact.
             */
            simulation: Record<string, unknown> | null;
            /** @description The symbols with their roles, as in `symbol_map`. */
            symbols: Record<string, unknown>[];
            /**
             * Format: int32
             * @description Always 1.
             */
            version: number;
            /** @description What a paid spin wins: `buckets` by size in stakes, and `wins` one by one. */
            win_distribution: Record<string, unknown> | null;
        };
        /** @description A higher daily limit that waits. */
        PendingDailyLimit: {
            /** @description The limit to come, in test credits. */
            daily_limit: components["schemas"]["Amount"];
            /** @description From when it holds: 24 hours after it was asked for. */
            from: components["schemas"]["Instant"];
        };
        /** @description What a list of actions came to: it ends before the first action that was refused. */
        PlayAnswer: {
            /** @description The event of each action that was done, in their order. They are durable. */
            events: components["schemas"]["Event"][];
            head: components["schemas"]["SignedHead"] | null;
            /** @description How many actions after the refused one were not tried. */
            not_tried: number;
            refused: components["schemas"]["Problem"] | null;
            /** @description The session after the last action that was done. */
            session: components["schemas"]["Session"];
            wallet: components["schemas"]["WalletBrief"] | null;
        };
        /** @description What play came to: sums over events. */
        PlayTotals: {
            /**
             * Format: int64
             * @description Events of every kind.
             */
            events: number;
            /** @description Fees. */
            fees: components["schemas"]["CreditSum"];
            /**
             * Format: int64
             * @description Free games.
             */
            free_games: number;
            /**
             * Format: int64
             * @description Paid spins that won something by themselves.
             */
            hits: number;
            /**
             * Format: int64
             * @description Events that were archived before anybody counted them; the other figures lack them.
             */
            missed: number;
            /** @description Payouts less stakes and fees. */
            net: components["schemas"]["CreditSum"];
            /**
             * Format: int64
             * @description Demo spins of probes; nothing else of a probe but its fee is counted here.
             */
            probe_spins: number;
            /**
             * Format: int64
             * @description Settled rounds: paid spins with their free games.
             */
            rounds: number;
            /**
             * Format: int64
             * @description Sessions that began.
             */
            sessions: number;
            /** @description Stakes and fees. */
            spend: components["schemas"]["CreditSum"];
            /**
             * Format: int64
             * @description Paid spins.
             */
            spins: number;
            /** @description Stakes played. */
            wagered: components["schemas"]["CreditSum"];
            /** @description Payouts. */
            won: components["schemas"]["CreditSum"];
            /**
             * Format: int64
             * @description Settled rounds that paid anything.
             */
            won_rounds: number;
        };
        /**
         * @description Who plays. Fields beyond these two are kept as they came; `version` is reserved. The whole has at
         *     most 16384 bytes of JSON and 32 levels.
         */
        PlayerProfile: {
            /**
             * @description The kind of player: `conservative`, `aggressive`, `adaptive`, `random`, or another word.
             * @example conservative
             */
            behavior?: string | null;
            max_bet?: components["schemas"]["Amount"] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The body of a problem (RFC 9457). Beside these members it carries what the code says: `state`,
         *     `allowed_actions`, `faults`, `pointer`, `balance`, `needed` and others.
         */
        Problem: {
            /**
             * @description The kind of problem, for programs.
             * @example invalid_request
             */
            code: string;
            /**
             * @description What is wrong with this request, for people.
             * @example /type: the field is missing
             */
            detail: string;
            /**
             * @description The id of the request, as `X-Request-Id` has it and the server's log; not in a problem within another answer.
             * @example 01976e3c-9f00-7000-8000-000000000000
             */
            request_id?: string | null;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 422
             */
            status: number;
            /**
             * @description The kind of problem, for people.
             * @example A field of the request is not acceptable
             */
            title: string;
            /**
             * @description Names the kind of problem: `urn:reelhouse:problem:` and the code.
             * @example urn:reelhouse:problem:invalid_request
             */
            type: string;
        } & {
            [key: string]: unknown;
        };
        /** @description The job that computes a game's profile. */
        ProfileJob: {
            /** @description When the game was posted. */
            created_at: components["schemas"]["Instant"];
            failure?: components["schemas"]["JobFailure"] | null;
            /**
             * Format: uuid
             * @description The job's id.
             */
            job_id: string;
            /** @description How far it is, in steps of the computation. */
            progress: components["schemas"]["JobProgress"];
            /** @description Where it stands. */
            state: components["schemas"]["JobState"];
            /** @description When the job last changed. */
            updated_at: components["schemas"]["Instant"];
        };
        /** @description An Ed25519 public key (RFC 8032), as 64 lower-case hexadecimal digits. */
        PublicKey: string;
        /** @description Counters that were recorded at one instant. */
        RecordedMetrics: {
            /** @description When. */
            recorded_at: components["schemas"]["Instant"];
            /** @description By the metric's name its value in decimal digits: a count, or an amount of test credits. */
            values: {
                [key: string]: string;
            };
        };
        /** @description Sessions that were opened; every list is in the order of the seeds. */
        Reset: {
            /** @description Which actions would be taken. */
            action_masks: boolean[][];
            /**
             * Format: int32
             * @description The version of the encoder.
             */
            encoder_version: number;
            /** @description What there is to see. */
            observations: number[][];
            /** @description The sessions. */
            session_ids: string[];
            /** @description Their wallets. */
            wallet_ids: string[];
        };
        /**
         * @description `net`: The change of the balance, in credits. `net_per_stake`: The change of the balance divided by the stake of the round, or the last one; by the game's unit bet before there is any. `log_bankroll`: The growth of ln(balance + unit bet) over the event, rounded half away from zero to 9 decimals. `spins`: 1 for a paid spin, else 0.
         * @enum {string}
         */
        Reward: "net" | "net_per_stake" | "log_bankroll" | "spins";
        /** @description A reward function. */
        RewardFunction: {
            /** @description What it rewards. */
            meaning: string;
            /** @description The name, as `POST /sessions` takes it. */
            name: components["schemas"]["Reward"];
        };
        /** @description The figures of the record. */
        RlMetrics: {
            /** @description The numbers of steps of each episode. */
            episode_length: components["schemas"]["Estimate"];
            /** @description The sums of the rewards of each episode. */
            episode_return: components["schemas"]["Estimate"];
            /**
             * Format: int64
             * @description How many episodes they are of.
             */
            episodes: number;
            /**
             * Format: double
             * @description The mean reward of a step; null of no steps.
             */
            mean_reward: number | null;
            /** @description The rewards of steps. */
            reward: components["schemas"]["Estimate"];
            /**
             * Format: double
             * @description The sample variance of the rewards of steps; null of fewer than two.
             */
            reward_variance: number | null;
            /**
             * Format: int64
             * @description How many steps there are.
             */
            steps: number;
            /**
             * Format: int64
             * @description How many of the episodes ended for good: cashed out, closed, bust.
             */
            terminated: number;
            /** @description Steps recorded before this instant were taken in. */
            to: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description How many were cut off: expired, at the limit, still open, or cut by the parameters.
             */
            truncated: number;
        };
        /**
         * @description `read`: sees everything, changes nothing. `play`: plays from wallets of its own, and sees nothing of anybody else's. `admin`: does everything.
         * @enum {string}
         */
        Role: "read" | "play" | "admin";
        /** @description The held stake, or the round with free games left. */
        Round: {
            /**
             * Format: int32
             * @description Free games left.
             */
            free_games_left: number;
            /**
             * Format: int32
             * @description Free games played.
             */
            free_games_played: number;
            /** @description The stake that is held or played, in test credits. */
            stake: components["schemas"]["Amount"];
            /** @description What the round has paid so far, in test credits. */
            won: components["schemas"]["Amount"];
        };
        /** @description A stretch of rounds. */
        RoundBucket: {
            balance: components["schemas"]["Amount"] | null;
            /**
             * Format: double
             * @description The upper end of where that lies at 95 %, by the profile.
             */
            band_high: number | null;
            /**
             * Format: double
             * @description The lower end of where that lies at 95 %, by the profile.
             */
            band_low: number | null;
            /**
             * Format: int64
             * @description The number of its first round in the session, from 1.
             */
            first_round: number;
            /** @description When its first event happened. */
            from: components["schemas"]["Instant"];
            /** @description What it came to. */
            play: components["schemas"]["PlayTotals"];
            /**
             * Format: double
             * @description What its rounds returned of a stake on average; null without any.
             */
            rtp: number | null;
            /**
             * Format: double
             * @description What the rounds of the session up to its end returned of a stake on average.
             */
            rtp_so_far: number | null;
            /** @description When its last event happened. */
            to: components["schemas"]["Instant"];
        };
        /** @description The rounds of a session in stretches. */
        RoundSeries: {
            /** @description The stretches, in order. */
            buckets: components["schemas"]["RoundBucket"][];
            /**
             * Format: int64
             * @description The rounds of every stretch but the last: a power of two, doubled whenever there would be more than 64 stretches.
             */
            rounds_per_bucket: number;
        };
        /** @description Where a schema is. */
        SchemaLink: {
            /**
             * @description Its path.
             * @example /schemas/symbol_map
             */
            href: string;
            /**
             * @description The field of a game whose document it describes.
             * @example symbol_map
             */
            name: string;
        };
        /** @description The published schemas. */
        SchemaList: {
            /** @description All of them. */
            items: components["schemas"]["SchemaLink"][];
        };
        /** @description A session: one player at one game. */
        Session: {
            /** @description The actions that a player may ask for now. */
            allowed_actions: string[];
            /** @description The head of the hash chain of the session's events. */
            chain_head: components["schemas"]["Digest"];
            /** @description When the session was opened. */
            created_at: components["schemas"]["Instant"];
            /**
             * Format: uuid
             * @description The wallet in use; null while there is none.
             */
            current_wallet_id: string | null;
            /** @description The public side of the draws. */
            fairness: components["schemas"]["SessionFairness"];
            /**
             * Format: uuid
             * @description The game that is played.
             */
            game_id: string;
            /**
             * Format: int64
             * @description The `seq` of the last event; 0 before the first.
             */
            last_seq: number;
            /** @description Running counters. */
            metrics: components["schemas"]["SessionMetrics"];
            observation: components["schemas"]["Observation"] | null;
            /**
             * Format: uuid
             * @description The `play` key that it belongs to; null for a session of nobody in particular.
             */
            owner: string | null;
            /** @description Who plays. */
            player_profile: components["schemas"]["PlayerProfile"];
            /** @description What the session's events are worth. */
            reward: components["schemas"]["Reward"];
            round: components["schemas"]["Round"] | null;
            /**
             * Format: uuid
             * @description The session's id.
             */
            session_id: string;
            /** @description Where the session stands. */
            state: components["schemas"]["SessionState"];
            /** @description When the session last changed. */
            updated_at: components["schemas"]["Instant"];
        };
        /** @description What a session came to, as far as its events were counted. */
        SessionAnalytics: {
            balance: components["schemas"]["Amount"] | null;
            /** @description The largest payout of one round. */
            biggest_win: components["schemas"]["Amount"];
            /**
             * Format: int64
             * @description The `seq` of the last event that was counted.
             */
            counted_seq: number;
            /** @description Its last days of UTC with spend or payouts, in order, at most 100. */
            days: components["schemas"]["DaySpend"][];
            days_before: components["schemas"]["DaySpend"] | null;
            /**
             * Format: int64
             * @description Rounds since the last one that paid.
             */
            dry_run: number;
            /** @description What that says. */
            figures: components["schemas"]["AnalyticsFigures"];
            /** Format: uuid */
            game_id: string;
            /**
             * Format: int64
             * @description The `seq` of the session's last event.
             */
            last_seq: number;
            /**
             * Format: int64
             * @description The longest run of rounds that paid nothing.
             */
            longest_dry_run: number;
            /** @description What all that was counted came to. */
            play: components["schemas"]["PlayTotals"];
            /**
             * @description The rows of the metrics table, by the instant of their recording, in order: at the rounds 1, 2, 4, 8 and so on,
             *     and when the session ended.
             */
            recorded: components["schemas"]["RecordedMetrics"][];
            /** @description Its rounds in stretches. */
            series: components["schemas"]["RoundSeries"];
            /** Format: uuid */
            session_id: string;
            /** @description Where the session stands. */
            state: components["schemas"]["SessionState"];
            /** @description Whether more events wait to be counted than this request could bring in: ask again. */
            waiting: boolean;
        };
        /** @description How a session ended: the data of the last message of its stream. */
        SessionEnd: {
            /** @description The head of the hash chain of the session's events. */
            chain_head: components["schemas"]["Digest"];
            /**
             * Format: int64
             * @description The `seq` of the session's last event.
             */
            last_seq: number;
            /**
             * Format: uuid
             * @description The session's id.
             */
            session_id: string;
            /** @description `completed` or `expired`. */
            state: components["schemas"]["SessionState"];
        };
        /** @description The public side of a session's draws. */
        SessionFairness: {
            /** @description The player's seed. */
            client_seed: string;
            /** @description SHA-256 of the server seed, published before the first draw with it. */
            commitment: components["schemas"]["Digest"];
            /**
             * Format: int64
             * @description How many rounds have been drawn for with this server seed; the next one draws with this nonce.
             */
            nonce: number;
            /**
             * @description The server seed, 64 hexadecimal digits; null until the session has ended. Seeds that were rotated
             *     out are in the events of their rotations.
             */
            server_seed: string | null;
            /**
             * @description Whether the caller chose the server seed (a training session): then the draws can be repeated, and
             *     are not fair.
             */
            training: boolean;
        };
        /** @description Running counters of a session. A round is a paid spin with its free games. */
        SessionMetrics: {
            balance_high: components["schemas"]["Amount"] | null;
            balance_low: components["schemas"]["Amount"] | null;
            /** @description The largest payout of one round, in test credits. */
            biggest_win: components["schemas"]["Amount"];
            /**
             * Format: int64
             * @description Rounds since the last one that paid.
             */
            dry_run: number;
            /** @description Fees, in test credits. */
            fees: components["schemas"]["Amount"];
            /**
             * Format: int64
             * @description Free games played.
             */
            free_games: number;
            /**
             * Format: int64
             * @description Rounds that paid anything.
             */
            hits: number;
            /**
             * Format: int64
             * @description The longest run of rounds that paid nothing.
             */
            longest_dry_run: number;
            /** @description Payouts less stakes played and fees, in test credits, signed. */
            net: components["schemas"]["SignedAmount"];
            /**
             * Format: int64
             * @description Demo spins of probes.
             */
            probe_spins: number;
            /**
             * Format: int64
             * @description Paid spins.
             */
            spins: number;
            /** @description Stakes played, in test credits; a voided stake is not one. */
            wagered: components["schemas"]["Amount"];
            /** @description Payouts, in test credits. */
            won: components["schemas"]["Amount"];
        };
        /** @description The proof of an ended session, as the API's description has it. */
        SessionProof: {
            /** @description The ledger entries that the events caused, in the order of the events. */
            entries: Record<string, unknown>[];
            /** @description Every event. */
            events: components["schemas"]["Event"][];
            /** @description The game: `game_id`, `rng_signature`, `symbol_map`, `fingerprint`. */
            game: Record<string, unknown>;
            /** @description The start of the chain. */
            genesis: components["schemas"]["Digest"];
            /** @description The signed end of the chain. */
            head: components["schemas"]["SignedHead"];
            /**
             * @description How the session was opened: `wallet_id` (null for one that began idle), `created_at`; `reward` where
             *     it is not `net`; `training` where it is true.
             */
            opened: Record<string, unknown>;
            /** @description The Ed25519 signature over the whole document, 128 hexadecimal digits. */
            seal: string;
            /** @description The seeds in order, one more than there are rotations: `commitment`, `server_seed`, `client_seed`. */
            seeds: Record<string, unknown>[];
            /**
             * Format: uuid
             * @description The session.
             */
            session_id: string;
            /**
             * Format: int64
             * @description Always 1.
             */
            version: number;
            /** @description The wallets in the order of their attaching: `wallet_id`, `cost_rate`. */
            wallets: Record<string, unknown>[];
        };
        /**
         * @description Where a session stands.
         * @enum {string}
         */
        SessionState: "idle" | "initialized" | "bet_placed" | "playing" | "free_games" | "suspended" | "completed" | "expired";
        /**
         * @description A change in test credits: a string of four decimals, with a minus where it is below zero.
         * @example -1.0000
         */
        SignedAmount: string;
        /** @description The signed end of a session's chain. */
        SignedHead: {
            /** @description The key that signed. */
            public_key: components["schemas"]["PublicKey"];
            /** @description The Ed25519 signature of the statement's canonical JSON, 128 hexadecimal digits. */
            signature: string;
            /** @description What is signed. */
            statement: components["schemas"]["HeadStatement"];
        };
        /** @description What became of a player's sessions. */
        SimulatedBankroll: {
            /** @description Percentiles of the balance at the end, rounded up by at most 1/128. */
            final_balance: components["schemas"]["AmountPercentile"][];
            /** @description Percentiles of the largest fall from the highest balance before, rounded up by at most 1/128. */
            max_drawdown: components["schemas"]["AmountPercentile"][];
            /**
             * @description What was paid in all sessions, in test credits.
             * @example 119650.0000
             */
            paid: string;
            /** @description The sessions that ended with less than the lowest stake. */
            ruin: components["schemas"]["EstimatedShare"];
            /**
             * Format: int64
             * @description How many sessions were played.
             */
            sessions: number;
            /**
             * @description What was staked in all sessions, in test credits. It may be more than one amount can be.
             * @example 125000.0000
             */
            wagered: string;
        };
        /** @description What free games came to. */
        SimulatedFreeGames: {
            /**
             * Format: int64
             * @description The most free games of one round.
             */
            most: number;
            /**
             * Format: double
             * @description How many a round with free games had on average.
             */
            per_trigger: number;
            /**
             * Format: int64
             * @description How many free games were played.
             */
            played: number;
            /** @description The rounds that had free games. */
            triggers: components["schemas"]["EstimatedShare"];
            /**
             * Format: double
             * @description What a round's free games won on average, in stakes.
             */
            win_per_trigger: number;
        };
        /** @description The rounds that won an amount within bounds. */
        SimulatedWins: {
            /**
             * Format: int64
             * @description The amount below which it ends, in stakes; null for the last.
             */
            below?: number | null;
            /**
             * Format: int64
             * @description The least amount, in stakes; the first bucket is that of losing rounds, the second begins above 0.
             */
            from: number;
            /**
             * Format: int64
             * @description How many rounds.
             */
            rounds: number;
            /**
             * Format: double
             * @description The part of all rounds.
             */
            share: number;
        };
        /** @description A simulation. */
        Simulation: {
            behavior?: components["schemas"]["BettingBehavior"] | null;
            /** @description When it was queued. */
            created_at: components["schemas"]["Instant"];
            failure?: components["schemas"]["JobFailure"] | null;
            /**
             * Format: uuid
             * @description The game that is simulated.
             */
            game_id: string;
            /**
             * Format: double
             * @description The half-width of the 95 % interval at which it stops.
             */
            half_width?: number | null;
            max_bet?: components["schemas"]["Amount"] | null;
            /** @description How far it is. */
            progress: components["schemas"]["JobProgress"];
            report?: components["schemas"]["SimulationReport"] | null;
            /**
             * Format: int64
             * @description How many rounds at most.
             */
            rounds: number;
            /**
             * Format: int64
             * @description The seed of the generator.
             */
            seed: number;
            /**
             * Format: int64
             * @description After how many rounds a session ends.
             */
            session_rounds?: number | null;
            /**
             * Format: uuid
             * @description The simulation's id.
             */
            simulation_id: string;
            /** @description The stake of a round; with a player the lowest one. */
            stake: components["schemas"]["Amount"];
            starting_balance?: components["schemas"]["Amount"] | null;
            /** @description Where it stands. */
            state: components["schemas"]["JobState"];
            /** @description When it last changed. */
            updated_at: components["schemas"]["Instant"];
        };
        /**
         * @description How rounds were played.
         * @enum {string}
         */
        SimulationMethod: "tables" | "engine";
        /** @description What a simulation found. Shares are parts of 1. */
        SimulationReport: {
            bankroll?: components["schemas"]["SimulatedBankroll"] | null;
            /**
             * Format: double
             * @description The most that a round won, in stakes.
             */
            best_win: number;
            /** @description The rounds by what they won. */
            distribution: components["schemas"]["SimulatedWins"][];
            free_games?: components["schemas"]["SimulatedFreeGames"] | null;
            /** @description The generator that they were drawn from. */
            generator: string;
            /** @description The rounds that won anything. */
            hit_rate: components["schemas"]["EstimatedShare"];
            /** @description How rounds were played: from look-up tables, or by the game engine. */
            method: components["schemas"]["SimulationMethod"];
            /**
             * Format: int64
             * @description How many rounds were played.
             */
            rounds: number;
            /**
             * Format: double
             * @description What was won over what was staked, each round staked alike.
             */
            rtp: number;
            /**
             * @description The same as a fraction of whole units of 0.0001 credits at the game's unit bet.
             * @example 957200/1000000
             */
            rtp_exact: string;
            /**
             * Format: double
             * @description The part of the RTP that free games paid.
             */
            rtp_free_games: number;
            /** @description The intervals of the RTP for 90, 95 and 99 %, by the normal approximation. */
            rtp_intervals: components["schemas"]["ConfidenceInterval"][];
            /**
             * Format: int64
             * @description The seed of the generator.
             */
            seed: number;
            /**
             * Format: double
             * @description The standard deviation of what a round wins, in stakes; null after a single round.
             */
            standard_deviation?: number | null;
        };
        /** @description The spaces of a game and a ladder of stakes. */
        Spaces: {
            /** @description The Gymnasium `Discrete` of actions. */
            action_space: components["schemas"]["DiscreteSpace"];
            /**
             * Format: int32
             * @description The version of the encoder: it changes whenever an observation would become other floats.
             * @example 1
             */
            encoder_version: number;
            /** @description The fingerprint of the game's definition. */
            game_fingerprint: components["schemas"]["Digest"];
            /**
             * Format: uuid
             * @description The game.
             */
            game_id: string;
            /** @description The stakes of the ladder, rising. */
            ladder: components["schemas"]["Amount"][];
            /** @description The Gymnasium `Box` of observations. */
            observation_space: components["schemas"]["BoxSpace"];
            /** @description The reward functions that a session can be opened with. */
            rewards: components["schemas"]["RewardFunction"][];
        };
        /** @description An index of the action space, or the body of an action. */
        StepAction: number | components["schemas"]["Action"];
        /** @description What steps came to; every list is in the order of the steps. */
        Steps: {
            /** @description Which actions would be taken next. */
            action_masks: boolean[][];
            /**
             * Format: int32
             * @description The version of the encoder.
             */
            encoder_version: number;
            /** @description Why a step was refused, as a problem (RFC 9457); null where it was taken. */
            errors: (Record<string, unknown> | null)[];
            /** @description What there is to see; zeros where there is no such session. */
            observations: number[][];
            /** @description The rewards; 0 where a step was refused. */
            rewards: number[];
            /** @description The `seq` of each step; that of the last one where it was refused. */
            seqs: number[];
            /** @description Whether the episode is over for good. */
            terminated: boolean[];
            /** @description Whether it was cut off. */
            truncated: boolean[];
        };
        /** @description What a game came to in an hour or a day. */
        TimeBucket: {
            /** @description What that says. */
            figures: components["schemas"]["AnalyticsFigures"];
            /** @description What it came to. */
            play: components["schemas"]["PlayTotals"];
            /** @description When the bucket begins. */
            starts_at: components["schemas"]["Instant"];
        };
        /** @description The buckets of a window, by time. */
        TimeSeries: {
            /** @description How long a bucket is. */
            bucket: components["schemas"]["BucketSpan"];
            /** @description The last buckets of the window, in order. Those without events are left out. */
            buckets: components["schemas"]["TimeBucket"][];
            /** @description Whether the window has earlier buckets than those. */
            earlier: boolean;
            /** @description What that says. */
            figures: components["schemas"]["AnalyticsFigures"];
            /** @description What the buckets came to together. */
            play: components["schemas"]["PlayTotals"];
        };
        /** @description A wallet of test credits. */
        Wallet: {
            /** @description What is there to be spent, in test credits: the sum of the wallet's ledger entries, never negative. */
            balance: components["schemas"]["Amount"];
            /** @description What play costs beside its stakes. */
            cost_rate: components["schemas"]["CostRate"];
            /** @description When the wallet was opened. */
            created_at: components["schemas"]["Instant"];
            daily_limit: components["schemas"]["Amount"] | null;
            /**
             * Format: uuid
             * @description The `play` key that it belongs to; null for a wallet of nobody in particular.
             */
            owner: string | null;
            pending_daily_limit: components["schemas"]["PendingDailyLimit"] | null;
            /** @description Stakes and fees of the present day of the time zone, in test credits. */
            spent_today: components["schemas"]["Amount"];
            /**
             * @description The IANA time zone whose days the limit counts.
             * @example UTC
             */
            time_zone: string;
            /** @description When the wallet last changed. */
            updated_at: components["schemas"]["Instant"];
            /**
             * Format: uuid
             * @description The wallet's id.
             */
            wallet_id: string;
        };
        /** @description The part of a wallet that an action changes. */
        WalletBrief: {
            /** @description What is there to be spent, in test credits. */
            balance: components["schemas"]["Amount"];
            /** @description Stakes and fees of the present day of the time zone, in test credits. */
            spent_today: components["schemas"]["Amount"];
            /**
             * Format: uuid
             * @description The wallet's id.
             */
            wallet_id: string;
        };
    };
    responses: {
        /** @description `archived`: What was asked for was moved to an archive that this server cannot read; see `manifest`. */
        archived: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `body_timeout`: The body did not arrive in time. */
        body_timeout: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `body_too_large`: The body is larger than `limit` bytes. */
        body_too_large: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `malformed_json`: The body is not JSON, or holds a number that no double can; see `line` and `column`.
         *
         *     `broken_body`: The body could not be read to its end.
         *
         *     `invalid_id`: The id in the path is not a UUID.
         */
        "broken_body-or-invalid_id-or-malformed_json": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `malformed_json`: The body is not JSON, or holds a number that no double can; see `line` and `column`.
         *
         *     `broken_body`: The body could not be read to its end.
         *
         *     `invalid_query`: A query parameter is unknown, given twice, or not what was expected; see `parameter`.
         */
        "broken_body-or-invalid_query-or-malformed_json": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `malformed_json`: The body is not JSON, or holds a number that no double can; see `line` and `column`.
         *
         *     `broken_body`: The body could not be read to its end.
         */
        "broken_body-or-malformed_json": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `foreign_host`: The request was sent to a name that this server does not answer to.
         *
         *     `forbidden`: The caller's role does not let it do this; see `role`, and `roles` for those that do.
         */
        "forbidden-or-foreign_host": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `foreign_host`: The request was sent to a name that this server does not answer to.
         *
         *     `foreign_origin`: The request was sent by a page of another server.
         *
         *     `forbidden`: The caller's role does not let it do this; see `role`, and `roles` for those that do.
         */
        "forbidden-or-foreign_host-or-foreign_origin": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `foreign_host`: The request was sent to a name that this server does not answer to. */
        foreign_host: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `game_not_ready`: The game's profile is `pending`, or `rejected` as its declared one was found wrong, or `outdated` as this version refuses its definition; see `profile`. */
        game_not_ready: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `invalid_request`: A field is missing, unknown, or not what was expected; see `pointer`, and `limit` for a number above it.
         *
         *     `invalid_idempotency_key`: The `Idempotency-Key` header is not 1 to 255 visible ASCII characters.
         *
         *     `idempotency_key_reused`: The `Idempotency-Key` was used before, with another request.
         *
         *     `invalid_amount`: A field that holds money is not an amount; see `pointer`.
         */
        "idempotency_key_reused-or-invalid_amount-or-invalid_idempotency_key-or-invalid_request": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal`: A defect of the server; the request is not at fault. */
        internal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `invalid_id`: The id in the path is not a UUID.
         *
         *     `invalid_query`: A query parameter is unknown, given twice, or not what was expected; see `parameter`.
         *
         *     `invalid_cursor`: The cursor does not read, or belongs to another list.
         */
        "invalid_cursor-or-invalid_id-or-invalid_query": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `invalid_query`: A query parameter is unknown, given twice, or not what was expected; see `parameter`.
         *
         *     `invalid_cursor`: The cursor does not read, or belongs to another list.
         */
        "invalid_cursor-or-invalid_query": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_id`: The id in the path is not a UUID. */
        invalid_id: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `invalid_id`: The id in the path is not a UUID.
         *
         *     `invalid_query`: A query parameter is unknown, given twice, or not what was expected; see `parameter`.
         */
        "invalid_id-or-invalid_query": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_query`: A query parameter is unknown, given twice, or not what was expected; see `parameter`. */
        invalid_query: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_request`: A field is missing, unknown, or not what was expected; see `pointer`, and `limit` for a number above it. */
        invalid_request: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not_acceptable`: The answer has none of the forms that `format` or `Accept` asks for; see `formats` and `media_types`. */
        not_acceptable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not_found`: There is nothing of that id or path. */
        not_found: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `overloaded`: More waits to be written than the server takes on; nothing changed. See `Retry-After`.
         *
         *     `store_unavailable`: The store did not answer; whether a write took hold is unknown, so repeat it under its `Idempotency-Key`. See `Retry-After`.
         *
         *     `queue_full`: As many jobs of the kind wait as the server takes on, which is `waiting`; nothing changed. See `Retry-After`.
         */
        "overloaded-or-queue_full-or-store_unavailable": {
            headers: {
                /** @description When to try again, in seconds. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `overloaded`: More waits to be written than the server takes on; nothing changed. See `Retry-After`.
         *
         *     `store_unavailable`: The store did not answer; whether a write took hold is unknown, so repeat it under its `Idempotency-Key`. See `Retry-After`.
         */
        "overloaded-or-store_unavailable": {
            headers: {
                /** @description When to try again, in seconds. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `rate_limited`: The key, or the address without one, calls more often than it may; nothing was done. See `Retry-After`. */
        rate_limited: {
            headers: {
                /** @description What is left of it, `r`, and in how many seconds it is whole, `t`. */
                RateLimit?: string;
                /** @description The quota `q` of the key or address in `w` seconds. */
                "RateLimit-Policy"?: string;
                /** @description When to try again, in seconds. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `store_unavailable`: The store did not answer; whether a write took hold is unknown, so repeat it under its `Idempotency-Key`. See `Retry-After`. */
        store_unavailable: {
            headers: {
                /** @description When to try again, in seconds. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthenticated`: The caller does not say who it is by a key that is good here; see `reason`. */
        unauthenticated: {
            headers: {
                /** @description How to say who calls: `Bearer`. */
                "WWW-Authenticate"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported_media_type`: The body is not `application/json`, or it is compressed. */
        unsupported_media_type: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    game_analytics: {
        parameters: {
            query?: {
                /** @description How long a bucket is; absent for `day`. */
                bucket?: components["schemas"]["BucketSpan"];
                /** @description From the bucket on that holds this instant. */
                from?: components["schemas"]["Instant"];
                /** @description Buckets that begin before this instant only. */
                to?: components["schemas"]["Instant"];
                /** @description The most buckets, the last ones of the window; absent for 100. */
                limit?: number;
                /** @description The form: `json` or `csv`. */
                format?: string;
            };
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the game came to. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GameAnalytics"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["invalid_id-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host"];
            404: components["responses"]["not_found"];
            406: components["responses"]["not_acceptable"];
            409: components["responses"]["game_not_ready"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    session_analytics: {
        parameters: {
            query?: {
                /** @description The form: `json` or `csv`. */
                format?: string;
            };
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the session came to. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnalytics"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["invalid_id-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            406: components["responses"]["not_acceptable"];
            409: components["responses"]["game_not_ready"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page that needs nothing from elsewhere. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            403: components["responses"]["foreign_host"];
            429: components["responses"]["rate_limited"];
        };
    };
    game_list: {
        parameters: {
            query?: {
                /** @description The most items of the page. */
                limit?: number;
                /** @description The `next_cursor` of the page before, of the same list with the same filter. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of games. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Game"];
                };
            };
            400: components["responses"]["invalid_cursor-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    game_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request happen once: a replay with the same key and body returns the first answer, refusals included; the same key with another body is refused. Visible ASCII. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Tiny Sevens",
                 *       "rng_signature": {
                 *         "algorithm": "hmac-sha256",
                 *         "modes": {
                 *           "base": {
                 *             "strips": [
                 *               [
                 *                 "seven",
                 *                 "plum"
                 *               ],
                 *               [
                 *                 "seven",
                 *                 "plum",
                 *                 "plum"
                 *               ],
                 *               [
                 *                 "seven",
                 *                 "plum"
                 *               ]
                 *             ]
                 *           }
                 *         },
                 *         "version": 1
                 *       },
                 *       "symbol_map": {
                 *         "evaluation": {
                 *           "lines": [
                 *             [
                 *               1,
                 *               1,
                 *               1
                 *             ]
                 *           ],
                 *           "type": "lines"
                 *         },
                 *         "grid": {
                 *           "reels": 3,
                 *           "rows": 1
                 *         },
                 *         "pays": {
                 *           "plum": {
                 *             "3": 1
                 *           },
                 *           "seven": {
                 *             "3": 5
                 *           }
                 *         },
                 *         "symbols": [
                 *           {
                 *             "name": "seven",
                 *             "role": "regular"
                 *           },
                 *           {
                 *             "name": "plum",
                 *             "role": "regular"
                 *           }
                 *         ],
                 *         "version": 1
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewGame"];
            };
        };
        responses: {
            /** @description The same definition is there already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Game"];
                };
            };
            /** @description The game was added. */
            201: {
                headers: {
                    /** @description The path of what was created. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Game"];
                };
            };
            400: components["responses"]["broken_body-or-malformed_json"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host-or-foreign_origin"];
            408: components["responses"]["body_timeout"];
            415: components["responses"]["unsupported_media_type"];
            /**
             * @description `invalid_request`: A field is missing, unknown, or not what was expected; see `pointer`, and `limit` for a number above it.
             *
             *     `invalid_idempotency_key`: The `Idempotency-Key` header is not 1 to 255 visible ASCII characters.
             *
             *     `idempotency_key_reused`: The `Idempotency-Key` was used before, with another request.
             *
             *     `invalid_game`: The game's definition breaks rules; see `faults` for all of them.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-queue_full-or-store_unavailable"];
        };
    };
    game_find: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The game. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Game"];
                };
            };
            400: components["responses"]["invalid_id"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    game_fingerprint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was observed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObservedFingerprint"];
                };
            };
            400: components["responses"]["invalid_id"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            409: components["responses"]["game_not_ready"];
            410: components["responses"]["archived"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    game_par_sheet: {
        parameters: {
            query?: {
                /** @description The form: `json`, `html` or `csv`. */
                format?: string;
            };
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sheet. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParSheet"];
                    "text/html": string;
                    "text/csv": string;
                };
            };
            400: components["responses"]["invalid_id-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            406: components["responses"]["not_acceptable"];
            409: components["responses"]["game_not_ready"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            403: components["responses"]["foreign_host"];
            429: components["responses"]["rate_limited"];
        };
    };
    key_list: {
        parameters: {
            query?: {
                /** @description The most items of the page. */
                limit?: number;
                /** @description The `next_cursor` of the page before, of the same list with the same filter. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Key"];
                };
            };
            400: components["responses"]["invalid_cursor-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    key_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "expires_at": "2036-01-01T00:00:00Z",
                 *       "name": "the training machine",
                 *       "role": "admin"
                 *     }
                 */
                "application/json": components["schemas"]["NewKey"];
            };
        };
        responses: {
            /** @description The key was made. */
            201: {
                headers: {
                    /** @description The path of what was created. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeKey"];
                };
            };
            400: components["responses"]["broken_body-or-malformed_json"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host-or-foreign_origin"];
            408: components["responses"]["body_timeout"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            /**
             * @description `invalid_request`: A field is missing, unknown, or not what was expected; see `pointer`, and `limit` for a number above it.
             *
             *     `invalid_idempotency_key`: The `Idempotency-Key` header is not 1 to 255 visible ASCII characters.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    key_find: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            400: components["responses"]["invalid_id"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    key_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key is revoked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            400: components["responses"]["broken_body-or-invalid_id-or-malformed_json"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host-or-foreign_origin"];
            404: components["responses"]["not_found"];
            408: components["responses"]["body_timeout"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["invalid_request"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    metadata_index: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The domains. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetadataIndex"];
                };
            };
            403: components["responses"]["foreign_host"];
            429: components["responses"]["rate_limited"];
        };
    };
    metadata_domain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The domain's name.
                 * @example wallets
                 */
                domain: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The domain. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetadataDomain"];
                };
            };
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
        };
    };
    metadata_field: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The domain's name.
                 * @example wallets
                 */
                domain: string;
                /**
                 * @description The field's name.
                 * @example cost_rate
                 */
                field: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The field. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetadataField"];
                };
            };
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
        };
    };
    server_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # HELP reelhouse_spins Paid spins.
                     *     # TYPE reelhouse_spins counter
                     *     reelhouse_spins_total{game_id="01976e3c-9f00-7abc-8000-000000000007",game="Plums"} 12
                     *     # EOF
                     */
                    "application/openmetrics-text": string;
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                };
            };
            403: components["responses"]["foreign_host"];
            429: components["responses"]["rate_limited"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            403: components["responses"]["foreign_host"];
            429: components["responses"]["rate_limited"];
            /**
             * @description `stopping`: The server is about to stop: send work to another one. See `Retry-After`.
             *
             *     `store_unavailable`: The store did not answer; whether a write took hold is unknown, so repeat it under its `Idempotency-Key`. See `Retry-After`.
             */
            503: {
                headers: {
                    /** @description When to try again, in seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rl_export: {
        parameters: {
            query?: {
                /**
                 * @description `ndjson`, `arrow`, `parquet`, `npz` or `minari`; absent, the `Accept` header decides, and without one it is `ndjson`.
                 * @example arrow
                 */
                format?: string;
                /** @description Of `npz` only: `d3rlpy` (absent too) or `tianshou`. */
                keys?: string;
                /** @description Steps of this session only. */
                session_id?: string;
                /** @description Steps of sessions of this game only. */
                game_id?: string;
                /** @description Steps recorded at this instant or later only. */
                from?: components["schemas"]["Instant"];
                /** @description Steps recorded before this instant only; absent for now. */
                to?: components["schemas"]["Instant"];
                /**
                 * @description Rows after this one: a `session_id` and a `seq` with a colon between.
                 * @example 01976e3c-9f00-7abc-8000-000000000001:42
                 */
                cursor?: string;
                /** @description The most rows; absent for all. */
                limit?: number;
                /** @description The stakes that actions are indexed by, as in `GET /rl/spaces`; it needs `game_id`. */
                ladder?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dataset, in the format asked for. */
            200: {
                headers: {
                    /** @description `attachment`, with a file name. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                    "application/x-npz": string;
                    "application/x-tar": string;
                };
            };
            400: components["responses"]["invalid_cursor-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            406: components["responses"]["not_acceptable"];
            409: components["responses"]["game_not_ready"];
            410: components["responses"]["archived"];
            422: components["responses"]["invalid_request"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-store_unavailable"];
        };
    };
    rl_manifest: {
        parameters: {
            query?: {
                /** @description Steps of this session only. */
                session_id?: string;
                /** @description Steps of sessions of this game only. */
                game_id?: string;
                /** @description Steps recorded at this instant or later only. */
                from?: components["schemas"]["Instant"];
                /** @description Steps recorded before this instant only; absent for now. */
                to?: components["schemas"]["Instant"];
                /** @description Rows after this one, as in `GET /rl/export`. */
                cursor?: string;
                /** @description The most rows; absent for all. */
                limit?: number;
                /** @description As in `GET /rl/export`. */
                ladder?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The manifest. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Manifest"];
                };
            };
            400: components["responses"]["invalid_cursor-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            409: components["responses"]["game_not_ready"];
            410: components["responses"]["archived"];
            422: components["responses"]["invalid_request"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-store_unavailable"];
        };
    };
    rl_metrics: {
        parameters: {
            query?: {
                /** @description Steps of this session only. */
                session_id?: string;
                /** @description Steps of sessions of this game only. */
                game_id?: string;
                /** @description Steps recorded at this instant or later only. */
                from?: components["schemas"]["Instant"];
                /** @description Steps recorded before this instant only; absent for now. */
                to?: components["schemas"]["Instant"];
                /** @description Rows after this one, as in `GET /rl/export`. */
                cursor?: string;
                /** @description The most rows; absent for all. */
                limit?: number;
                /** @description As in `GET /rl/export`. */
                ladder?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RlMetrics"];
                };
            };
            400: components["responses"]["invalid_cursor-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            409: components["responses"]["game_not_ready"];
            410: components["responses"]["archived"];
            422: components["responses"]["invalid_request"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-store_unavailable"];
        };
    };
    rl_reset: {
        parameters: {
            query: {
                /** @description The game to play. */
                game_id: string;
                /** @description The stakes of the ladder, as in `GET /rl/spaces`. */
                ladder?: string;
            };
            header?: {
                /** @description Makes the request happen once: a replay with the same key and body returns the first answer, refusals included; the same key with another body is refused. Visible ASCII. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reward": "net",
                 *       "seeds": [
                 *         1,
                 *         2,
                 *         null
                 *       ],
                 *       "wallet": {
                 *         "balance": "100.00",
                 *         "daily_limit": "50.00"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewReset"];
            };
        };
        responses: {
            /** @description The sessions, in the order of the seeds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reset"];
                };
            };
            400: components["responses"]["broken_body-or-invalid_query-or-malformed_json"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host-or-foreign_origin"];
            404: components["responses"]["not_found"];
            408: components["responses"]["body_timeout"];
            409: components["responses"]["game_not_ready"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            /**
             * @description `invalid_request`: A field is missing, unknown, or not what was expected; see `pointer`, and `limit` for a number above it.
             *
             *     `invalid_idempotency_key`: The `Idempotency-Key` header is not 1 to 255 visible ASCII characters.
             *
             *     `idempotency_key_reused`: The `Idempotency-Key` was used before, with another request.
             *
             *     `invalid_amount`: A field that holds money is not an amount; see `pointer`.
             *
             *     `amount_out_of_range`: A balance or a payout would leave the range of amounts.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-store_unavailable"];
        };
    };
    rl_spaces: {
        parameters: {
            query: {
                /** @description The game. */
                game_id: string;
                /**
                 * @description The stakes to choose from, rising, with commas; absent for the unit bet times 1, 2, 5, 10, 20, 50 and 100, as far as the game takes them.
                 * @example 0.50,1.00,5.00
                 */
                ladder?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The spaces. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spaces"];
                };
            };
            400: components["responses"]["invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            409: components["responses"]["game_not_ready"];
            422: components["responses"]["invalid_request"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    rl_step: {
        parameters: {
            query: {
                /** @description The game whose spaces are meant. */
                game_id: string;
                /** @description The stakes of the ladder, as in `GET /rl/spaces`. */
                ladder?: string;
            };
            header?: {
                /** @description Makes the request happen once: a replay with the same key and body returns the first answer, refusals included; the same key with another body is refused. Visible ASCII. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSteps"];
                "application/vnd.reelhouse.steps": string;
            };
        };
        responses: {
            /** @description What the steps came to, in their order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Steps"];
                    "application/vnd.reelhouse.steps": string;
                };
            };
            400: components["responses"]["broken_body-or-invalid_query-or-malformed_json"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host-or-foreign_origin"];
            404: components["responses"]["not_found"];
            408: components["responses"]["body_timeout"];
            409: components["responses"]["game_not_ready"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused-or-invalid_amount-or-invalid_idempotency_key-or-invalid_request"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-store_unavailable"];
        };
    };
    schema_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schemas. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchemaList"];
                };
            };
            403: components["responses"]["foreign_host"];
            429: components["responses"]["rate_limited"];
        };
    };
    schema_find: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `rng_signature` or `symbol_map`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schema. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": Record<string, unknown>;
                };
            };
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
        };
    };
    session_list: {
        parameters: {
            query?: {
                /** @description Sessions of this game only. */
                game_id?: string;
                /** @description Sessions whose current wallet this is only. */
                wallet_id?: string;
                /** @description Sessions in this state only. */
                state?: components["schemas"]["SessionState"];
                /** @description Which end the list begins at; `oldest` unless given. */
                order?: components["schemas"]["Order"];
                /** @description The most items of the page. */
                limit?: number;
                /** @description The `next_cursor` of the page before, of the same list with the same filter. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sessions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Session"];
                };
            };
            400: components["responses"]["invalid_cursor-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    session_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request happen once: a replay with the same key and body returns the first answer, refusals included; the same key with another body is refused. Visible ASCII. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "client_seed": "my lucky words",
                 *       "game_id": "01976e3c-9f00-7abc-8000-000000000001",
                 *       "player_profile": {
                 *         "behavior": "conservative",
                 *         "max_bet": "5.00"
                 *       },
                 *       "wallet_id": "01976e3c-9f00-7abc-8000-000000000002"
                 *     }
                 */
                "application/json": components["schemas"]["NewSession"];
            };
        };
        responses: {
            /** @description The session was opened. */
            201: {
                headers: {
                    /** @description The path of what was created. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["broken_body-or-malformed_json"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host-or-foreign_origin"];
            404: components["responses"]["not_found"];
            408: components["responses"]["body_timeout"];
            409: components["responses"]["game_not_ready"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused-or-invalid_amount-or-invalid_idempotency_key-or-invalid_request"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-store_unavailable"];
        };
    };
    session_find: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["invalid_id"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    session_act: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request happen once: a replay with the same key and body returns the first answer, refusals included; the same key with another body is refused. Visible ASCII. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActRequest"];
            };
        };
        responses: {
            /** @description What was done is durable. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActResponse"];
                };
            };
            400: components["responses"]["broken_body-or-invalid_id-or-malformed_json"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host-or-foreign_origin"];
            404: components["responses"]["not_found"];
            408: components["responses"]["body_timeout"];
            /**
             * @description `game_not_ready`: The game's profile is `pending`, or `rejected` as its declared one was found wrong, or `outdated` as this version refuses its definition; see `profile`.
             *
             *     `invalid_transition`: The session's state does not allow the action; see `state` and `allowed_actions`.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            /**
             * @description `invalid_request`: A field is missing, unknown, or not what was expected; see `pointer`, and `limit` for a number above it.
             *
             *     `invalid_idempotency_key`: The `Idempotency-Key` header is not 1 to 255 visible ASCII characters.
             *
             *     `idempotency_key_reused`: The `Idempotency-Key` was used before, with another request.
             *
             *     `invalid_amount`: A field that holds money is not an amount; see `pointer`.
             *
             *     `invalid_stake`: The stake is not a positive multiple of the game's `unit_bet` up to its `max_stake`.
             *
             *     `max_bet_exceeded`: The stake is over the session's largest; see `max_bet` and `stake`.
             *
             *     `insufficient_funds`: The wallet holds less than the action costs; see `balance` and `needed`.
             *
             *     `daily_limit_exceeded`: The day's spend would pass the wallet's limit; see `daily_limit`, `spent_today` and `needed`.
             *
             *     `amount_out_of_range`: A balance or a payout would leave the range of amounts.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-store_unavailable"];
        };
    };
    event_list: {
        parameters: {
            query?: {
                /** @description The most items of the page. */
                limit?: number;
                /** @description The `next_cursor` of the page before, of the same list with the same filter. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Event"];
                };
            };
            400: components["responses"]["invalid_cursor-or-invalid_id-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            410: components["responses"]["archived"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    event_stream: {
        parameters: {
            query?: {
                /** @description Events with a greater `seq` only; 0 for all. */
                after?: number;
            };
            header?: {
                /** @description As `after`, which it goes before. */
                "Last-Event-ID"?: number | null;
            };
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events as they happen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 7
                     *     data: {"event_id":"01976e3c-9f00-7abc-8000-000000000007","seq":7}
                     *
                     *     event: end
                     *     data: {"state":"completed","last_seq":7}
                     */
                    "text/event-stream": string;
                };
            };
            /**
             * @description `invalid_id`: The id in the path is not a UUID.
             *
             *     `invalid_query`: A query parameter is unknown, given twice, or not what was expected; see `parameter`.
             *
             *     `invalid_last_event_id`: The `Last-Event-ID` header is not the `seq` of an event.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            410: components["responses"]["archived"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            /**
             * @description `store_unavailable`: The store did not answer; whether a write took hold is unknown, so repeat it under its `Idempotency-Key`. See `Retry-After`.
             *
             *     `too_many_streams`: As many streams are open already as the server keeps. See `Retry-After`.
             */
            503: {
                headers: {
                    /** @description When to try again, in seconds. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_fairness: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The commitment, the seeds and the chain. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fairness"];
                };
            };
            400: components["responses"]["invalid_id"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            410: components["responses"]["archived"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    session_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The running counters. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricsAnswer"];
                };
            };
            400: components["responses"]["invalid_id"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    session_proof: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof, as a download. */
            200: {
                headers: {
                    /** @description `attachment`, with a file name. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionProof"];
                };
            };
            400: components["responses"]["invalid_id"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            /** @description `session_not_ended`: The session has not ended, so its server seed is secret still; see `state`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            410: components["responses"]["archived"];
            /** @description `proof_too_large`: The session has more `events` than a proof is made of, which is `most`. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    simulation_list: {
        parameters: {
            query?: {
                /** @description Simulations of this game only. */
                game_id?: string;
                /** @description Simulations in this state only. */
                state?: components["schemas"]["JobState"];
                /** @description The most items of the page. */
                limit?: number;
                /** @description The `next_cursor` of the page before, of the same list with the same filter. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of simulations. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Simulation"];
                };
            };
            400: components["responses"]["invalid_cursor-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    simulation_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request happen once: a replay with the same key and body returns the first answer, refusals included; the same key with another body is refused. Visible ASCII. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "behavior": "conservative",
                 *       "game_id": "01976e3c-9f00-7abc-8000-000000000001",
                 *       "rounds": 10000000,
                 *       "seed": 1,
                 *       "stake": "1.00",
                 *       "starting_balance": "100.00"
                 *     }
                 */
                "application/json": components["schemas"]["NewSimulation"];
            };
        };
        responses: {
            /** @description The simulation was queued. */
            201: {
                headers: {
                    /** @description The path of what was created. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Simulation"];
                };
            };
            400: components["responses"]["broken_body-or-malformed_json"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host-or-foreign_origin"];
            404: components["responses"]["not_found"];
            408: components["responses"]["body_timeout"];
            409: components["responses"]["game_not_ready"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            /**
             * @description `invalid_request`: A field is missing, unknown, or not what was expected; see `pointer`, and `limit` for a number above it.
             *
             *     `invalid_idempotency_key`: The `Idempotency-Key` header is not 1 to 255 visible ASCII characters.
             *
             *     `idempotency_key_reused`: The `Idempotency-Key` was used before, with another request.
             *
             *     `invalid_amount`: A field that holds money is not an amount; see `pointer`.
             *
             *     `invalid_stake`: The stake is not a positive multiple of the game's `unit_bet` up to its `max_stake`.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-queue_full-or-store_unavailable"];
        };
    };
    simulation_find: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The simulation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Simulation"];
                };
            };
            400: components["responses"]["invalid_id"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    simulation_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request happen once: a replay with the same key and body returns the first answer, refusals included; the same key with another body is refused. Visible ASCII. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The simulation is cancelled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Simulation"];
                };
            };
            400: components["responses"]["broken_body-or-invalid_id-or-malformed_json"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host-or-foreign_origin"];
            404: components["responses"]["not_found"];
            408: components["responses"]["body_timeout"];
            /** @description `simulation_ended`: The simulation is completed or failed already; see `state`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            /**
             * @description `invalid_request`: A field is missing, unknown, or not what was expected; see `pointer`, and `limit` for a number above it.
             *
             *     `invalid_idempotency_key`: The `Idempotency-Key` header is not 1 to 255 visible ASCII characters.
             *
             *     `idempotency_key_reused`: The `Idempotency-Key` was used before, with another request.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-store_unavailable"];
        };
    };
    wallet_list: {
        parameters: {
            query?: {
                /** @description Which end the list begins at; `oldest` unless given. */
                order?: components["schemas"]["Order"];
                /** @description The most items of the page. */
                limit?: number;
                /** @description The `next_cursor` of the page before, of the same list with the same filter. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of wallets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Wallet"];
                };
            };
            400: components["responses"]["invalid_cursor-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    wallet_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request happen once: a replay with the same key and body returns the first answer, refusals included; the same key with another body is refused. Visible ASCII. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "balance": "100.00",
                 *       "cost_rate": {
                 *         "per_query": "0.0010",
                 *         "per_spin": "0.0100"
                 *       },
                 *       "daily_limit": "50.00"
                 *     }
                 */
                "application/json": components["schemas"]["NewWallet"];
            };
        };
        responses: {
            /** @description The wallet was opened. */
            201: {
                headers: {
                    /** @description The path of what was created. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Wallet"];
                };
            };
            400: components["responses"]["broken_body-or-malformed_json"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host-or-foreign_origin"];
            408: components["responses"]["body_timeout"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused-or-invalid_amount-or-invalid_idempotency_key-or-invalid_request"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-store_unavailable"];
        };
    };
    wallet_find: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The wallet. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Wallet"];
                };
            };
            400: components["responses"]["invalid_id"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    ledger_list: {
        parameters: {
            query?: {
                /** @description Which end the list begins at; `oldest` unless given. */
                order?: components["schemas"]["Order"];
                /** @description The most items of the page. */
                limit?: number;
                /** @description The `next_cursor` of the page before, of the same list with the same filter. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of ledger entries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LedgerEntry"];
                };
            };
            400: components["responses"]["invalid_cursor-or-invalid_id-or-invalid_query"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["foreign_host"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["store_unavailable"];
        };
    };
    wallet_operate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request happen once: a replay with the same key and body returns the first answer, refusals included; the same key with another body is refused. Visible ASCII. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id, a UUID with its hyphens. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "amount": "25.00",
                 *       "type": "deposit"
                 *     }
                 */
                "application/json": components["schemas"]["NewOperation"];
            };
        };
        responses: {
            /** @description The operation was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationAnswer"];
                };
            };
            400: components["responses"]["broken_body-or-invalid_id-or-malformed_json"];
            401: components["responses"]["unauthenticated"];
            403: components["responses"]["forbidden-or-foreign_host-or-foreign_origin"];
            404: components["responses"]["not_found"];
            408: components["responses"]["body_timeout"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            /**
             * @description `invalid_request`: A field is missing, unknown, or not what was expected; see `pointer`, and `limit` for a number above it.
             *
             *     `invalid_idempotency_key`: The `Idempotency-Key` header is not 1 to 255 visible ASCII characters.
             *
             *     `idempotency_key_reused`: The `Idempotency-Key` was used before, with another request.
             *
             *     `invalid_amount`: A field that holds money is not an amount; see `pointer`.
             *
             *     `insufficient_funds`: The wallet holds less than the action costs; see `balance` and `needed`.
             *
             *     `amount_out_of_range`: A balance or a payout would leave the range of amounts.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["overloaded-or-store_unavailable"];
        };
    };
}
