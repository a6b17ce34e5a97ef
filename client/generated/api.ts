// Types of the API, made from its description by `npm run generate:client`. Not to be edited by hand.

export interface paths {
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Version of the service */
        get: operations["getVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/1/streams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List streams
         * @description Oldest first. Filters combine with AND, the values of one with OR.
         */
        get: operations["listStreams"];
        put?: never;
        /**
         * Create a stream
         * @description It is pending, or waits in pause when `status` says so.
         */
        post: operations["createStream"];
        /**
         * Delete streams
         * @description Those with one of the ids or one of the names; `account_id` narrows both. Their logs stay.
         */
        delete: operations["deleteStreams"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/1/streams/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count streams */
        get: operations["countStreams"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/1/streams/{stream_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a stream */
        get: operations["getStream"];
        /**
         * Write a stream anew
         * @description Replaces everything that was written and raises the version; the place in the queue stays. Whoever reads passwords and tokens as ******** may write that back: it stands for the stored one, as long as it stands where it was and goes to the same host.
         */
        put: operations["replaceStream"];
        post?: never;
        /**
         * Delete a stream
         * @description Its logs stay.
         */
        delete: operations["deleteStream"];
        options?: never;
        head?: never;
        /**
         * Change a stream's status or description
         * @description All of it or nothing. The version stays.
         */
        patch: operations["patchStream"];
        trace?: never;
    };
    "/1/streams/processing/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look into the queue
         * @description Oldest first. Takes nothing.
         */
        get: operations["lookIntoQueue"];
        put?: never;
        /**
         * Take streams from the queue
         * @description They are in progress from now on, and handed out once. With `wait` the answer comes when there is something to take. Streams whose answer could not be delivered go back at once. `Agent-Id` names the agent.
         */
        post: operations["takeFromQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/1/streams/processing/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell how the processing goes
         * @description Each item is answered once. An agent must stop a stream that stands under `unmodified`, or that shows anything but its own version in progress.
         */
        post: operations["sendFeedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/1/streams/{stream_id}/preview/last_frame": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest picture of a stream */
        get: operations["getLastFrame"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/1/streams/{stream_id}/preview/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The live picture of a stream
         * @description Pictures without end, each a part of the answer; a slow client misses some.
         */
        get: operations["watchLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/1/streams/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the log
         * @description Newest first.
         */
        get: operations["readLogs"];
        put?: never;
        post?: never;
        /**
         * Delete old records
         * @description Never the newest record of a stream that exists.
         */
        delete: operations["deleteLogs"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List groups
         * @description Oldest first.
         */
        get: operations["listGroups"];
        put?: never;
        /** Create a group */
        post: operations["createGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/1/groups/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count groups */
        get: operations["countGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/1/groups/{group_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a group */
        get: operations["getGroup"];
        put?: never;
        post?: never;
        /**
         * Delete a group
         * @description Its streams stay.
         */
        delete: operations["deleteGroup"];
        options?: never;
        head?: never;
        /** Change a group's description */
        patch: operations["patchGroup"];
        trace?: never;
    };
    "/1/linker": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Attach streams to a group, or detach them
         * @description All of them or none. What is attached already, or detached, is no error.
         */
        post: operations["linkStreams"];
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Attach streams to a group, or detach them
         * @description All of them or none. What is attached already, or detached, is no error.
         */
        patch: operations["relinkStreams"];
        trace?: never;
    };
    "/healthcheck": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health of the service
         * @description Answers within a second. Redis counts only when `include_luna_services` is 1.
         */
        get: operations["checkHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The console */
        get: operations["getConsole"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/streams/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Search streams
         * @description What a page's socket gives as a view, for programs without one.
         */
        post: operations["searchStreams"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/streams/{stream_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a stream without its secrets */
        get: operations["getStreamDetail"];
        /**
         * Write a stream anew without knowing its secrets
         * @description As in `/1`, but where ******** stands for a password in a url or for the token, the stored one is kept, as long as it stands where it was and goes to the same host.
         */
        put: operations["replaceStreamKeepingSecrets"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/streams/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the log without its secrets
         * @description As in `/1`, newest first; passwords and tokens in it read ******** for everybody.
         */
        get: operations["getConsoleStreamsLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/reference-tests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a source
         * @description A stream of it stands in the queue for some seconds, and is deleted when an agent has shown its first signs, when the time is over, and when the request is given up.
         */
        post: operations["postConsoleReferenceTests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/sets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Freeze a set of streams
         * @description Those that match now, at most 100,000, kept for five minutes.
         */
        post: operations["makeSet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/sets/{set_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a set
         * @description Its streams as they are now, in order.
         */
        get: operations["readSet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/sets/{set_id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Act on every stream of a set
         * @description In batches, each stream as if it had been asked for by itself. What does not apply any more is told, not forced.
         */
        post: operations["startAction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/actions/{action_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See how far an action is */
        get: operations["getAction"];
        put?: never;
        post?: never;
        /**
         * End an action
         * @description What is under way is finished; no further stream is touched.
         */
        delete: operations["endAction"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List saved views
         * @description Of those who see the same accounts and groups as the caller; by place and name.
         */
        get: operations["listViews"];
        put?: never;
        /**
         * Save a view
         * @description One of the same place and name is replaced. There may be 200, and 20,000 of all accounts and groups.
         */
        post: operations["saveView"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/views/{view_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a saved view */
        delete: operations["deleteView"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Settings in force
         * @description Secrets show as ********. JSON, or YAML for `Accept: text/plain`.
         */
        get: operations["getConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Plugins of the service
         * @description In the order of LUNA_STREAMS_ACTIVE_PLUGINS. One that failed stays in the list with `running` 0.
         */
        get: operations["listPlugins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log a browser in
         * @description Opens a session and gives its cookie. With AUTH.MODE none there is nothing to open.
         */
        post: operations["logIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log a browser out */
        post: operations["logOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who asks */
        get: operations["whoAmI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tokens
         * @description Oldest first, those that are over included.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Make a token
         * @description The answer holds the token, which is shown this once.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a token
         * @description It stays in the list. The sessions that it opened are closed.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit
         * @description Newest first. `next` of a page is `before` of the one after it; null on the last.
         */
        get: operations["getConsoleAudit"];
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
         * Metrics of the service
         * @description For Prometheus. Nothing in it is per stream.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/spec": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This description
         * @description As YAML, or as a page to read and try out, whichever is preferred.
         */
        get: operations["getSpecification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/dev": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The manual */
        get: operations["getManual"];
        put?: never;
        post?: never;
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
         * Format: uuid
         * @description Id of the account that an object belongs to.
         * @example 557d54ec-29ad-4f3c-93b4-c9092ef12515
         */
        account_id: string;
        audit_page: {
            records: components["schemas"]["audit_record"][];
            next: string | null;
        };
        audit_record: {
            record_number: number;
            /** @description When, by the clock of the database. */
            audit_time: components["schemas"]["time"];
            /**
             * @description What was done, or asked for.
             * @enum {string}
             */
            action: "create" | "put" | "patch" | "delete" | "pause" | "resume" | "cancel" | "attach" | "detach" | "create_group" | "patch_group" | "delete_group" | "start_action" | "end_action" | "delete_logs" | "test_reference" | "save_view" | "delete_view" | "create_token" | "revoke_token" | "login" | "logout";
            stream_id: components["schemas"]["stream_id"] | null;
            group_id: components["schemas"]["group_id"] | null;
            /** @description HTTP status of the answer. */
            status: number;
            error_code: number | null;
            /** @description `token <token_id>`, `jwt <subject>`, `anonymous` where nobody is asked, `command line`; empty for who was not known. */
            subject: string;
            /** @description Name of the token or user. */
            name: string;
            role: ("viewer" | "operator" | "agent" | "admin") | null;
            token_prefix: string | null;
            /** @description Where it came from. */
            address: string;
            /** @description `Luna-Request-Id` of the request. */
            request_id: string;
            /** @description Short texts, by what they are: `name`, `reference`. */
            details: {
                [key: string]: string;
            };
        };
        /** @description On whose behalf events are sent: by a token, or by an account; the stream's own when nothing is said. */
        authorization: components["schemas"]["authorization_token"] | components["schemas"]["authorization_account"];
        authorization_account: {
            account_id: components["schemas"]["account_id"];
        };
        authorization_token: {
            /** @description A token of the platform. A secret. */
            token: string;
        };
        /** @enum {string} */
        bulk_action: "pause" | "resume" | "cancel" | "delete" | "attach" | "detach";
        /** @description How far a bulk action is. */
        console_action: {
            /**
             * Format: uuid
             * @description Id of the action.
             * @example 557d54ec-29ad-4f3c-93b4-c9092ef12515
             */
            action_id: string;
            action: components["schemas"]["bulk_action"];
            total: number;
            done: number;
            /** @description Applied; unchanged: nothing was to do; refused: the action does not apply any more, or is not allowed; failed: it could not be carried out. */
            outcomes: {
                applied: number;
                unchanged: number;
                refused: number;
                failed: number;
            };
            /** @description The first 1,000 that were not applied, with the reason. */
            problems: {
                stream_id: components["schemas"]["stream_id"];
                name: string;
                error_code: number;
                desc: string;
                detail: string;
            }[];
            /** @description It is at its end; when `done` is less than `total`, it was ended before. */
            finished: boolean;
        };
        /** @description What is done with every stream of the set; attach and detach need a group. */
        console_action_to_start: {
            action: components["schemas"]["bulk_action"];
            group_id?: components["schemas"]["group_id"];
        };
        /** @description Different members combine with AND, values inside one with OR; words all have to match. Parts of texts are looked for in every stream, which takes its time among a million. */
        console_filter: {
            statuses?: components["schemas"]["shown_status"][];
            /** @description Names of groups, exact. */
            groups?: components["schemas"]["group_name"][];
            /** @description Parts of names, any case. */
            names?: string[];
            /** @description Parts of references, any case; credentials and what follows a `?`, `;`, `&`, a name like `password=` or a token are not looked at. */
            references?: string[];
            types?: ("tcp" | "udp" | "videofile" | "images")[];
            account_ids?: components["schemas"]["account_id"][];
            stream_ids?: components["schemas"]["stream_id"][];
            /** @description Agents that process them now, by the beginnings of their names. */
            agents?: string[];
            error_codes?: number[];
            autorestart?: ("disabled" | "enabled" | "in_progress" | "failed" | "denied")[];
            /** @description Each stands in the name, the description, the reference or at the beginning of the id. */
            words?: string[];
        };
        /**
         * @description problems: failed ones first, then held-back and lost ones, then the rest, each by age.
         * @enum {string}
         */
        console_order: "oldest" | "newest" | "problems";
        /** @description What came of a test. */
        console_reference_test: {
            /**
             * @description works: an agent reads it; failed: it cannot, and says why; not_taken: no agent took it in time; silent: one took it and had nothing to tell in time; interrupted: somebody paused, cancelled or deleted the test.
             * @enum {string}
             */
            outcome: "works" | "failed" | "not_taken" | "silent" | "interrupted";
            /** @description Who took it, when it named itself. */
            agent_id: string | null;
            /** @description The source's picture, before it is turned. */
            video: {
                /** @description Pixels. */
                width: number;
                /** @description Pixels. */
                height: number;
                /** @description Frames a second. */
                frame_rate: number | null;
            } | null;
            error: components["schemas"]["stream_error"] | null;
            /** @description The whole frame as the agent sees it, when it offers one. */
            picture: {
                /** @description Media type. */
                type: string;
                base64: string;
            } | null;
        };
        /** @description A source, and for whom an agent is to try it. `stream_id` names the stream that is about to be written anew: its password stands in for ********, and its group for one that is not given. */
        console_reference_to_test: {
            account_id: components["schemas"]["account_id"];
            data: components["schemas"]["stream_data"];
            group_name?: components["schemas"]["group_name"];
            stream_id?: components["schemas"]["stream_id"];
        };
        /** @description A stream as tables and tiles show it. Secrets are hidden. */
        console_row: {
            stream_id: components["schemas"]["stream_id"];
            /** @description Counts the changes; a row with a lower one is older. */
            revision: number;
            version: number;
            status: components["schemas"]["shown_status"];
            name: string;
            account_id: components["schemas"]["account_id"];
            /**
             * @description Kind of the source.
             * @enum {string}
             */
            type: "tcp" | "udp" | "videofile" | "images";
            /** @description Credentials hidden. */
            reference: string;
            groups: string[];
            /** @description Milliseconds since 1970. */
            create_time: number;
            /** @description Of the present run's last feedback; null when it does not run. */
            feedback_time: number | null;
            agent_id: string | null;
            progress: number | null;
            frame_rate: number | null;
            width: number | null;
            height: number | null;
            restart: {
                on: boolean;
                /** @enum {string} */
                status: "disabled" | "enabled" | "in_progress" | "failed" | "denied";
                current_attempt: number;
                attempt_count: number;
                /** @description When a failed stream restarts by itself. */
                due_time: number | null;
                /** @description When the last attempt was made. */
                last_attempt_time: number | null;
            };
            /** @description How often the handler was lost without a healthy period in between. */
            lost_count: number;
            /** @description Until when a pending stream is held back. */
            takeable_time: number | null;
            error: components["schemas"]["stream_error"] | null;
            /** @description Which pictures its agent offers. */
            pictures: {
                live: boolean;
                still: boolean;
            };
        };
        /** @description Which streams, and in what order. */
        console_search: {
            filter: components["schemas"]["console_filter"];
            order?: components["schemas"]["console_order"];
            /** @description Place of the first; 0 unless given. */
            from?: number;
            /** @description How many; 100 unless given. */
            count?: number;
        };
        /** @description The ids that matched, frozen. */
        console_set: {
            /**
             * Format: uuid
             * @description Id of the set.
             * @example 557d54ec-29ad-4f3c-93b4-c9092ef12515
             */
            set_id: string;
            total: number;
            /** @description More matched than a set holds. */
            capped: boolean;
            counts: components["schemas"]["status_counts"];
            /** @description Names of the first ten. */
            names: string[];
            /** @description Seconds. */
            expires_in: number;
        };
        console_set_rows: {
            total: number;
            from: number;
            /** @description null: gone since. */
            rows: (components["schemas"]["console_row"] | null)[];
        };
        /** @description Which streams: a filter, or a list of ids; one of the two. */
        console_set_to_make: {
            filter?: components["schemas"]["console_filter"];
            /** @description Streams of a selection. */
            stream_ids?: components["schemas"]["stream_id"][];
        };
        /** @description The stream as it is read in `/1`, with its secrets as ********. */
        console_stream: {
            stream_id: components["schemas"]["stream_id"];
            account_id: components["schemas"]["account_id"];
            name: components["schemas"]["stream_name"];
            description: string;
            data: components["schemas"]["stream_data"];
            event_handler: components["schemas"]["stream_event_handler"];
            policies: components["schemas"]["stream_policies"];
            location: components["schemas"]["location"];
            autorestart: components["schemas"]["stream_autorestart_read"];
            /** @description Counts the PUTs. */
            version: number;
            create_time: components["schemas"]["time"];
            status: components["schemas"]["shown_status"];
            last_error: components["schemas"]["stream_error"] | null;
            video_info: components["schemas"]["video_info"] | null;
            /** @description Groups that the stream is in. */
            groups: components["schemas"]["group_name"][];
            preview: components["schemas"]["preview"] | null;
        };
        console_stream_detail: {
            row: components["schemas"]["console_row"];
            stream: components["schemas"]["console_stream"];
        };
        console_streams_found: {
            /** @description How many match. */
            total: number;
            from: number;
            rows: components["schemas"]["console_row"][];
        };
        /** @description A view that operators share. */
        console_view: {
            /**
             * Format: uuid
             * @description Id of the view.
             * @example 557d54ec-29ad-4f3c-93b4-c9092ef12515
             */
            view_id: string;
            /** @description Name of the view; one of the same place and name is replaced. */
            name: string;
            /** @description The place of the console that it is of. */
            place: string;
            /** @description What the address says after the place. */
            query: string;
        };
        /** @description A place of the console with its filters, under a name. */
        console_view_to_save: {
            /** @description Name of the view; one of the same place and name is replaced. */
            name: string;
            /** @description The place of the console that it is of. */
            place: string;
            /** @description What the address says after the place. */
            query: string;
        };
        console_views: {
            views: components["schemas"]["console_view"][];
        };
        deleted_count: {
            deleted_count: number;
        };
        error: {
            /** @description Number of the catalogue. */
            error_code: number;
            /** @description What kind of error it is. */
            desc: string;
            /** @description What is wrong. */
            detail: string;
        };
        feedback: {
            /** @description Applied in order. */
            streams: components["schemas"]["feedback_item"][];
        };
        feedback_answer: {
            streams: {
                /** @description What was applied. */
                modified: components["schemas"]["feedback_state"][];
                /** @description What was not: the agent must stop these streams. */
                unmodified: components["schemas"]["feedback_state"][];
            };
        };
        feedback_item: {
            stream_id: components["schemas"]["stream_id"];
            /** @description Version of the stream that is processed. */
            version: number;
            status: components["schemas"]["stream_status"];
            /** @description null clears what is kept. */
            error?: components["schemas"]["stream_error"] | null;
            video_info?: components["schemas"]["video_info"] | null;
            preview?: components["schemas"]["preview"] | null;
        };
        /** @description The stream as the server has it. */
        feedback_state: {
            stream_id: components["schemas"]["stream_id"];
            /** @enum {string} */
            status: "pending" | "in_progress" | "done" | "pause" | "cancel" | "failure" | "not_found";
            version: number;
        };
        /**
         * @description Which detections become best shots.
         * @default {}
         */
        filtering: {
            /**
             * @description Smallest score of a detection.
             * @default 0.5187
             */
            min_score?: number;
            /**
             * @description Largest yaw of a head, degrees.
             * @default 40
             */
            detection_yaw_threshold?: number;
            /**
             * @description Largest pitch of a head, degrees.
             * @default 40
             */
            detection_pitch_threshold?: number;
            /**
             * @description Largest roll of a head, degrees.
             * @default 30
             */
            detection_roll_threshold?: number;
            /**
             * @description How many frames the yaw is taken from.
             * @default 1
             */
            yaw_number?: number;
            /**
             * @description Whether nothing is sent before so many frames have a good yaw.
             * @default false
             */
            yaw_collection_mode?: boolean;
            /**
             * @description Score above which a mouth counts as covered; 0 does not look.
             * @default 0
             */
            mouth_occlusion_threshold?: number;
            /**
             * @description Smallest body; 0 does not look.
             * @default 0
             */
            min_body_size_threshold?: number;
        };
        geo_position: {
            /** @description Degrees east. */
            longitude: number;
            /** @description Degrees north. */
            latitude: number;
        };
        /** @description A group of streams. */
        group: {
            account_id: components["schemas"]["account_id"];
            group_name: components["schemas"]["group_name"];
            group_id: components["schemas"]["group_id"];
            /** @description Description of the group. */
            description: string;
            create_time: components["schemas"]["time"];
        };
        group_created: {
            group_id: components["schemas"]["group_id"];
            group_name: components["schemas"]["group_name"];
        };
        /**
         * Format: uuid
         * @description Id of a group.
         * @example 557d54ec-29ad-4f3c-93b4-c9092ef12515
         */
        group_id: string;
        /**
         * @description Name of a group; no other group has it.
         * @example hd_stream_2
         */
        group_name: string;
        group_patch: {
            /** @description Description of the group. */
            description: string;
        };
        group_to_write: {
            account_id: components["schemas"]["account_id"];
            group_name: components["schemas"]["group_name"];
            /**
             * @description Description of the group.
             * @default
             */
            description?: string;
        };
        groups: components["schemas"]["group"][];
        groups_count: {
            groups_count: number;
        };
        handler: {
            /**
             * Format: uuid
             * @description Id of the handler.
             * @example 557d54ec-29ad-4f3c-93b4-c9092ef12515
             */
            handler_id: string;
        };
        health: {
            /** @description How long the check took, seconds. */
            execution_time: number;
        };
        /**
         * @description What an agent does when frames fail.
         * @default {}
         */
        healthcheck: {
            /**
             * @description Errors within a period after which the stream fails.
             * @default 10
             */
            max_error_count?: number;
            /**
             * @description The period, seconds.
             * @default 3600
             */
            period?: number;
            /**
             * @description Pause before connecting again, seconds.
             * @default 5
             */
            retry_delay?: number;
            /** @description How long to wait for a frame, milliseconds. */
            timeout?: number;
        };
        link: {
            /**
             * @description What to do.
             * @enum {string}
             */
            action: "attach" | "detach";
            /** @description Streams to attach or detach. */
            stream_ids: components["schemas"]["stream_id"][];
            group_id: components["schemas"]["group_id"];
        };
        /**
         * @description Checks that a face is a living one.
         * @default {}
         */
        liveness: {
            /**
             * @description Whether shoulders are looked at.
             * @default false
             */
            use_shoulders_liveness_filtration?: boolean;
            /**
             * @description Whether the background is looked at.
             * @default false
             */
            use_mask_liveness_filtration?: boolean;
            /**
             * @description Whether the surroundings of the face are looked at.
             * @default false
             */
            use_flying_faces_liveness_filtration?: boolean;
            /**
             * @description Which of the checks is used.
             * @default 0
             * @enum {integer}
             */
            liveness_mode?: 0 | 1 | 2;
            /**
             * @description How many frames are checked.
             * @default 0
             */
            number_of_liveness_checks?: number;
            /**
             * @description Score above which a face is a living one.
             * @default 0
             */
            liveness_threshold?: number;
            /**
             * @description Weights of the shoulders, mask and flying faces checks.
             * @default [
             *       0,
             *       0,
             *       0
             *     ]
             */
            livenesses_weights?: number[];
            /**
             * @description How many backgrounds are kept.
             * @default 0
             */
            mask_backgrounds_count?: number;
        };
        /**
         * @description Where the camera stands.
         * @default {}
         */
        location: {
            /**
             * @description City.
             * @default null
             */
            city?: string | null;
            /**
             * @description Area.
             * @default null
             */
            area?: string | null;
            /**
             * @description District.
             * @default null
             */
            district?: string | null;
            /**
             * @description Street.
             * @default null
             */
            street?: string | null;
            /**
             * @description House.
             * @default null
             */
            house_number?: string | null;
            /**
             * @description Position on the globe.
             * @default null
             */
            geo_position?: components["schemas"]["geo_position"] | null;
        };
        log_record: {
            stream_id?: components["schemas"]["stream_id"];
            log_time?: components["schemas"]["time"];
            error?: components["schemas"]["stream_error"] | null;
            status?: components["schemas"]["log_status"];
            video_info?: components["schemas"]["video_info"] | null;
            version?: number;
            preview?: components["schemas"]["preview"] | null;
        };
        /**
         * @description Status that a log record tells of.
         * @enum {string}
         */
        log_status: "pending" | "in_progress" | "done" | "pause" | "restart" | "cancel" | "failure" | "handler_lost" | "not_found" | "deleted";
        login: {
            /** @description A token, or a JWT of the provider. */
            token: string;
        };
        logs: {
            logs: components["schemas"]["log_record"][];
        };
        me: {
            /** @description Name of the token or user. */
            name: string;
            /**
             * @description What it is to the service.
             * @enum {string}
             */
            role: "viewer" | "operator" | "agent" | "admin";
            /**
             * @description none: access is not controlled, and nobody logs in.
             * @enum {string}
             */
            mode: "none" | "tokens";
            accounts: string[] | null;
            groups: string[] | null;
            /** @description What it may do: look, operate, process, inspect, administer. */
            may: string[];
        };
        plugins: {
            plugins: {
                /** @description As it stands in the settings. */
                name: string;
                /** @description 1 while it runs. */
                running: number;
            }[];
        };
        /** @description Where the agent shows pictures of the stream. */
        preview: {
            /** @description The live picture. */
            live?: components["schemas"]["preview_url"] | null;
            /** @description The newest picture. */
            last_frame?: components["schemas"]["preview_url"] | null;
        };
        preview_url: {
            /** @example http://127.0.0.1:5165/ */
            url: string;
        };
        /**
         * @description Work with the nearest person only.
         * @default {}
         */
        primary_track_policy: {
            /**
             * @description Whether only the primary track counts.
             * @default false
             */
            use_primary_track_policy?: boolean;
            /**
             * @description Smallest detection that may become the primary track, pixels.
             * @default 70
             */
            best_shot_min_size?: number;
            /**
             * @description Size at which a detection becomes the primary track, pixels.
             * @default 140
             */
            best_shot_proper_size?: number;
        };
        /** @description Which streams; {} is any. An empty list is no filter. */
        queue_filters: {
            /** @description Streams with one of these ids. */
            stream_ids?: components["schemas"]["stream_id"][];
            /** @description Streams with one of these names. */
            names?: components["schemas"]["stream_name"][];
            /** @description Streams of one of these groups. */
            group_ids?: components["schemas"]["group_id"][];
            /** @description Streams of one of these groups, by name. */
            group_names?: string[];
        };
        queue_take: {
            filters: components["schemas"]["queue_filters"];
            /** @description How many streams at most. */
            limit: number;
        };
        /**
         * @default {
         *       "x": 0,
         *       "y": 0,
         *       "width": 0,
         *       "height": 0,
         *       "mode": "abs"
         *     }
         */
        region: components["schemas"]["region_abs"] | components["schemas"]["region_percent"];
        region_abs: {
            /** @description Left edge, pixels. */
            x: number;
            /** @description Top edge, pixels. */
            y: number;
            /** @description Width, pixels. */
            width: number;
            /** @description Height, pixels. */
            height: number;
            /**
             * @description Sizes are pixels.
             * @default abs
             * @constant
             */
            mode?: "abs";
        };
        /** @description A part of the frame: x + width and y + height are 100 at most. */
        region_percent: {
            /** @description Left edge, percent of the frame's width. */
            x: number;
            /** @description Top edge, percent of the frame's height. */
            y: number;
            /** @description Width, percent of the frame's width. */
            width: number;
            /** @description Height, percent of the frame's height. */
            height: number;
            /**
             * @description Sizes are percent of the frame.
             * @constant
             */
            mode: "percent";
        };
        /**
         * @description When best shots are sent.
         * @default {}
         */
        sending: {
            /**
             * @description How long best shots are looked for; -1 until the track ends.
             * @default -1
             */
            time_period_of_searching?: number;
            /**
             * @description How long to wait between two sendings.
             * @default 0
             */
            silent_period?: number;
            /**
             * @description Unit of the two periods.
             * @default sec
             * @enum {string}
             */
            type?: "sec" | "frames";
            /**
             * @description How many best shots a track sends; 0 is all.
             * @default 1
             */
            number_of_bestshots_to_send?: number;
            /**
             * @description Whether nothing is sent before that many are found.
             * @default true
             */
            send_only_full_set?: boolean;
            /**
             * @description Whether a track ends with its sending.
             * @default false
             */
            delete_track_after_sending?: boolean;
        };
        /** @description Sections, and settings by their names. */
        settings: {
            [key: string]: unknown;
        };
        /**
         * @description Status of a stream.
         * @enum {string}
         */
        shown_status: "pending" | "in_progress" | "done" | "pause" | "cancel" | "failure";
        /** @description How many streams show each status. */
        status_counts: {
            pending: number;
            in_progress: number;
            done: number;
            pause: number;
            cancel: number;
            failure: number;
        };
        /** @description A stream as it is read. */
        stream: {
            stream_id: components["schemas"]["stream_id"];
            account_id: components["schemas"]["account_id"];
            name: components["schemas"]["stream_name"];
            description: string;
            data: components["schemas"]["stream_data"];
            event_handler: components["schemas"]["stream_event_handler"];
            policies: components["schemas"]["stream_policies"];
            location: components["schemas"]["location"];
            autorestart: components["schemas"]["stream_autorestart_read"];
            /** @description Counts the PUTs. */
            version: number;
            create_time: components["schemas"]["time"];
            status: components["schemas"]["shown_status"];
            last_error: components["schemas"]["stream_error"] | null;
            video_info: components["schemas"]["video_info"] | null;
            /** @description Groups that the stream is in. */
            groups: components["schemas"]["group_name"][];
            preview: components["schemas"]["preview"] | null;
        };
        /**
         * @description What happens after a failure.
         * @default {}
         */
        stream_autorestart: {
            /**
             * @description Whether a failed stream restarts by itself.
             * @default 0
             * @enum {integer}
             */
            restart?: 0 | 1;
            /**
             * @description How many attempts in a row.
             * @default 10
             */
            attempt_count?: number;
            /**
             * @description Pause before an attempt, seconds.
             * @default 60
             */
            delay?: number;
        };
        stream_autorestart_read: {
            /** @enum {integer} */
            restart: 0 | 1;
            attempt_count: number;
            /** @description Seconds. */
            delay: number;
            /** @description Attempts since the stream was last healthy. */
            current_attempt: number;
            /** @description When the last attempt was made. */
            last_attempt_time: components["schemas"]["time"] | null;
            /**
             * @description disabled: restart is 0; enabled: not needed now; in_progress: an attempt is due or running; failed: the attempts are used up; denied: the failure was fatal.
             * @enum {string}
             */
            status: "disabled" | "enabled" | "in_progress" | "failed" | "denied";
        };
        /** @description What is processed, and how it is read. */
        stream_data: components["schemas"]["stream_data_tcp"] | components["schemas"]["stream_data_udp"] | components["schemas"]["stream_data_videofile"] | components["schemas"]["stream_data_images"];
        /** @description A set of images. */
        stream_data_images: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "images";
            /**
             * @description Where the video comes from: the address of a camera, a file, a set of images.
             * @example rtsp://some_stream_address
             */
            reference: string;
            /** @description The region in which faces and bodies are looked for. */
            roi?: components["schemas"]["region"];
            /** @description The region in which a detection must lie, relative to the original frame. */
            droi?: components["schemas"]["region"];
            /**
             * @description Rotation of the picture, degrees.
             * @default 0
             * @enum {integer}
             */
            rotation?: 0 | 90 | 180 | 270;
        };
        /** @description A live source; an rtsp:// reference is read over TCP. */
        stream_data_tcp: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tcp";
            /**
             * @description Where the video comes from: the address of a camera, a file, a set of images.
             * @example rtsp://some_stream_address
             */
            reference: string;
            /** @description The region in which faces and bodies are looked for. */
            roi?: components["schemas"]["region"];
            /** @description The region in which a detection must lie, relative to the original frame. */
            droi?: components["schemas"]["region"];
            /**
             * @description Rotation of the picture, degrees.
             * @default 0
             * @enum {integer}
             */
            rotation?: 0 | 90 | 180 | 270;
            /**
             * @description Width to which frames are scaled for processing, pixels.
             * @default 800
             */
            preferred_program_stream_frame_width?: number;
            /**
             * @description Whether the end of the source means to connect again (true) or that the stream is done (false).
             * @default true
             */
            endless?: boolean;
        };
        /** @description A live source; an rtsp:// reference is read over UDP. */
        stream_data_udp: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "udp";
            /**
             * @description Where the video comes from: the address of a camera, a file, a set of images.
             * @example rtsp://some_stream_address
             */
            reference: string;
            /** @description The region in which faces and bodies are looked for. */
            roi?: components["schemas"]["region"];
            /** @description The region in which a detection must lie, relative to the original frame. */
            droi?: components["schemas"]["region"];
            /**
             * @description Rotation of the picture, degrees.
             * @default 0
             * @enum {integer}
             */
            rotation?: 0 | 90 | 180 | 270;
            /**
             * @description Width to which frames are scaled for processing, pixels.
             * @default 800
             */
            preferred_program_stream_frame_width?: number;
            /**
             * @description Whether the end of the source means to connect again (true) or that the stream is done (false).
             * @default true
             */
            endless?: boolean;
        };
        /** @description A video file. */
        stream_data_videofile: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "videofile";
            /**
             * @description Where the video comes from: the address of a camera, a file, a set of images.
             * @example rtsp://some_stream_address
             */
            reference: string;
            /** @description The region in which faces and bodies are looked for. */
            roi?: components["schemas"]["region"];
            /** @description The region in which a detection must lie, relative to the original frame. */
            droi?: components["schemas"]["region"];
            /**
             * @description Rotation of the picture, degrees.
             * @default 0
             * @enum {integer}
             */
            rotation?: 0 | 90 | 180 | 270;
            /**
             * @description Width to which frames are scaled for processing, pixels.
             * @default 800
             */
            preferred_program_stream_frame_width?: number;
        };
        /** @description What went wrong. */
        stream_error: {
            /** @description Number of the error. */
            error_code: number;
            /** @description Short description. */
            desc: string;
            /** @description What happened. */
            detail: string;
        };
        /** @description Where best shots are sent to, and on whose behalf. */
        stream_event_handler: {
            /**
             * @description Version of the platform's API.
             * @constant
             */
            api_version: 6;
            /**
             * @description Address of the platform that events are sent to.
             * @example http://127.0.0.1:5165/
             */
            origin?: string;
            /** @description The handler that best shots are given to. */
            bestshot_handler?: components["schemas"]["handler"];
            /**
             * @deprecated
             * @description Kept, and used no more.
             */
            detection_handler?: components["schemas"]["handler"] | null;
            /**
             * @description Address that frames are stored at.
             * @example http://127.0.0.1:5165/
             */
            frame_store?: string;
            authorization?: components["schemas"]["authorization"];
        };
        /**
         * Format: uuid
         * @description Id of a stream.
         * @example 557d54ec-29ad-4f3c-93b4-c9092ef12515
         */
        stream_id: string;
        /** @description Name of a stream. */
        stream_name: string;
        /** @description What is to change: one member at least. */
        stream_patch: {
            /** @description New description. */
            description?: string;
            /**
             * @description New status.
             * @enum {string}
             */
            status?: "pending" | "pause" | "cancel";
        };
        /**
         * @description How the stream is processed.
         * @default {}
         */
        stream_policies: {
            sending?: components["schemas"]["sending"];
            primary_track_policy?: components["schemas"]["primary_track_policy"];
            liveness?: components["schemas"]["liveness"];
            filtering?: components["schemas"]["filtering"];
            /**
             * @description Size of the frames processed.
             * @default auto
             * @enum {string}
             */
            frame_processing_mode?: "auto" | "full_frame" | "scale_frame";
            /**
             * @description Frames a second to hold; 0 is all of them.
             * @default 0
             */
            real_time_mode_fps?: number;
            /**
             * @description Threads for decoding; 0 is as many as there are cores.
             * @default 0
             */
            ffmpeg_threads_number?: number;
            healthcheck?: components["schemas"]["healthcheck"];
        };
        /**
         * @description Status of a stream's processing.
         * @enum {string}
         */
        stream_status: "pending" | "in_progress" | "done" | "pause" | "restart" | "cancel" | "failure" | "handler_lost" | "not_found";
        /** @description A stream as it is written. */
        stream_to_write: {
            account_id: components["schemas"]["account_id"];
            /**
             * @description Name of the stream.
             * @default
             */
            name?: string;
            /**
             * @description Description of the stream.
             * @default
             */
            description?: string;
            data: components["schemas"]["stream_data"];
            event_handler: components["schemas"]["stream_event_handler"];
            policies?: components["schemas"]["stream_policies"];
            location?: components["schemas"]["location"];
            autorestart?: components["schemas"]["stream_autorestart"];
            /**
             * @description Status to begin with: pending or pause.
             * @default pending
             * @enum {string}
             */
            status?: "pending" | "in_progress" | "done" | "pause" | "restart" | "cancel" | "failure" | "handler_lost" | "not_found";
            group_name?: components["schemas"]["group_name"];
        };
        stream_version: {
            stream_id: components["schemas"]["stream_id"];
            version: number;
        };
        streams: {
            streams: components["schemas"]["stream"][];
        };
        streams_count: {
            streams_count: number;
        };
        /** @description Which streams: one value at least, in either list. */
        streams_to_delete: {
            /** @description Streams with one of these ids. */
            stream_ids?: components["schemas"]["stream_id"][];
            /** @description Streams with one of these names. */
            names?: components["schemas"]["stream_name"][];
        };
        /**
         * Format: date-time
         * @example 2021-09-21T11:11:41.674Z
         */
        time: string;
        token: {
            /**
             * Format: uuid
             * @description Id of the token.
             * @example 557d54ec-29ad-4f3c-93b4-c9092ef12515
             */
            token_id: string;
            /** @description The beginning of its text. */
            prefix: string;
            /** @description For people: whose it is, or what for. */
            name: string;
            /**
             * @description What it may do.
             * @enum {string}
             */
            role: "viewer" | "operator" | "agent" | "admin";
            accounts: components["schemas"]["account_id"][] | null;
            groups: components["schemas"]["group_name"][] | null;
            create_time: components["schemas"]["time"];
            expire_time: components["schemas"]["time"] | null;
            use_time: components["schemas"]["time"] | null;
            revoke_time: components["schemas"]["time"] | null;
        };
        token_created: {
            /**
             * Format: uuid
             * @description Id of the token.
             * @example 557d54ec-29ad-4f3c-93b4-c9092ef12515
             */
            token_id: string;
            /** @description The beginning of its text. */
            prefix: string;
            /** @description For people: whose it is, or what for. */
            name: string;
            /**
             * @description What it may do.
             * @enum {string}
             */
            role: "viewer" | "operator" | "agent" | "admin";
            accounts: components["schemas"]["account_id"][] | null;
            groups: components["schemas"]["group_name"][] | null;
            create_time: components["schemas"]["time"];
            expire_time: components["schemas"]["time"] | null;
            use_time: components["schemas"]["time"] | null;
            revoke_time: components["schemas"]["time"] | null;
            /** @description The token itself, which is shown this once. */
            token: string;
        };
        token_to_write: {
            /** @description For people: whose it is, or what for. */
            name: string;
            /**
             * @description What it may do.
             * @enum {string}
             */
            role: "viewer" | "operator" | "agent" | "admin";
            accounts?: components["schemas"]["account_id"][] | null;
            groups?: components["schemas"]["group_name"][] | null;
            expire_time?: components["schemas"]["time"] | null;
        };
        tokens: {
            tokens: components["schemas"]["token"][];
        };
        version: {
            Version: {
                /** @description Version of the API. */
                api: number;
                major: number;
                minor: number;
                patch: number;
            };
        };
        /** @description What the agent found out about the video. */
        video_info: {
            /** @description Width of the picture, pixels. */
            width?: number | null;
            /** @description Height of the picture, pixels. */
            height?: number | null;
            /** @description Frames a second. */
            frame_rate?: number | null;
            /** @description Bits a second. */
            bit_rate?: number | null;
            /** @description Frames from one key frame to the next. */
            gop_size?: number | null;
            /** @description When the processing began. */
            start_time?: components["schemas"]["time"] | null;
            /** @description Length of the video, seconds; 0 when unknown. */
            duration?: number | null;
            /** @description How much of it is done. */
            progress?: number | null;
        };
    };
    responses: {
        /** @description internal server error. */
        error_1: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Bad/incomplete input data. */
        error_12012: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Bad/incomplete input data. */
        error_12012_12014: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Bad/incomplete input data. */
        error_12012_12022_12027: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Bad/incomplete input data; Bad input data. */
        error_12012_12022_12027_39002: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Page not found. */
        error_12013: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Page not found; Object not found. */
        error_12013_39001: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Page not found; Object not found. */
        error_12013_39001_39007: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Page not found; Object not found. */
        error_12013_39001_39009: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Page not found; Object not found. */
        error_12013_39008: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Bad/incomplete input data. */
        error_12022_12027: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Bad/incomplete input data; Bad input data. */
        error_12022_12027_39002: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Bad/incomplete input data. */
        error_12023: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Unsupported media type. */
        error_12024: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Object not found. */
        error_39001_39007: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Object not found. */
        error_39001_39008: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Unable to stop processing; Unable to resume processing; Unable to cancel processing. */
        error_39003_39004_39005: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Unique constraint error. */
        error_39006: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Object not found. */
        error_39007: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Preview processing error. */
        error_39010: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Payload too large. */
        error_39901: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Unauthorized. */
        error_39902: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                /** @description How to say who asks: `Bearer`. */
                "WWW-Authenticate": string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Forbidden. */
        error_39903: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Too many requests. */
        error_39904: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                /** @description When to ask again, seconds. */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
        /** @description Service unavailable. */
        error_39905: {
            headers: {
                "Luna-Request-Id": components["headers"]["luna_request_id"];
                /** @description When to ask again, seconds. */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["error"];
                "application/msgpack": components["schemas"]["error"];
            };
        };
    };
    parameters: {
        /** @description Compressions that the client reads; a file that was compressed when it was built is sent in the smallest. */
        accept_encoding: string;
        /** @description Names the agent, anew at each of its starts. Feedback of another agent than the taker is not applied. */
        agent_id: string;
        /** @description The session. */
        cookie: string;
        /** @description The host that is asked. */
        host: string;
        /** @description The `ETag` of what the client has; the answer is 304 when it is still that. */
        if_none_match: string;
        /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
        luna_request_id: string;
        /** @description Where the page comes from that asks. A page of another origin is refused. */
        origin: string;
        /** @description From a proxy in front: `https` makes the session's cookie one for https only. */
        x_forwarded_proto: string;
    };
    requestBodies: never;
    headers: {
        /** @description Id of the request: the given one, or one that was made for it. */
        luna_request_id: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["version"];
                    "application/msgpack": components["schemas"]["version"];
                };
            };
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    listStreams: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
                /** @description Streams with one of these ids. */
                stream_ids?: components["schemas"]["stream_id"][];
                /** @description Streams with one of these names. */
                names?: components["schemas"]["stream_name"][];
                /** @description Streams with exactly this reference. */
                reference?: string;
                /** @description Streams in one of these statuses. */
                statuses?: components["schemas"]["stream_status"][];
                /** @description Streams created at this time or later. */
                create_time__gte?: components["schemas"]["time"];
                /** @description Streams created before this time. */
                create_time__lt?: components["schemas"]["time"];
                /** @description Name of a group; no other group has it. */
                group_name?: components["schemas"]["group_name"];
                /** @description Number of the page. */
                page?: number;
                /** @description Items on a page. */
                page_size?: number;
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of streams. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["streams"];
                    "application/msgpack": components["schemas"]["streams"];
                };
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    createStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "account_id": "557d54ec-29ad-4f3c-93b4-c9092ef12515",
                 *       "name": "Front door",
                 *       "data": {
                 *         "type": "tcp",
                 *         "reference": "rtsp://192.168.1.20/main",
                 *         "rotation": 0,
                 *         "endless": true
                 *       },
                 *       "event_handler": {
                 *         "api_version": 6,
                 *         "origin": "http://127.0.0.1:5000",
                 *         "bestshot_handler": {
                 *           "handler_id": "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b"
                 *         }
                 *       },
                 *       "policies": {
                 *         "healthcheck": {
                 *           "max_error_count": 10,
                 *           "period": 3600,
                 *           "retry_delay": 5
                 *         }
                 *       },
                 *       "location": {
                 *         "city": "Berlin",
                 *         "geo_position": {
                 *           "longitude": 13.377,
                 *           "latitude": 52.516
                 *         }
                 *       },
                 *       "autorestart": {
                 *         "restart": 1,
                 *         "attempt_count": 10,
                 *         "delay": 60
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["stream_to_write"];
            };
        };
        responses: {
            /** @description The stream was created. */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    /** @description Path of the stream. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["stream_version"];
                    "application/msgpack": components["schemas"]["stream_version"];
                };
            };
            400: components["responses"]["error_12022_12027_39002"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_39007"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    deleteStreams: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "stream_ids": [
                 *         "426542d6-5509-4e5b-8a01-e2abd5c0a8c6"
                 *       ],
                 *       "names": [
                 *         "Front door"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["streams_to_delete"];
            };
        };
        responses: {
            /** @description None of them is left. */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["error_12012_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    countStreams: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
                /** @description Streams with one of these ids. */
                stream_ids?: components["schemas"]["stream_id"][];
                /** @description Streams with one of these names. */
                names?: components["schemas"]["stream_name"][];
                /** @description Streams with exactly this reference. */
                reference?: string;
                /** @description Streams in one of these statuses. */
                statuses?: components["schemas"]["stream_status"][];
                /** @description Streams created at this time or later. */
                create_time__gte?: components["schemas"]["time"];
                /** @description Streams created before this time. */
                create_time__lt?: components["schemas"]["time"];
                /** @description Name of a group; no other group has it. */
                group_name?: components["schemas"]["group_name"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many streams match. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["streams_count"];
                    "application/msgpack": components["schemas"]["streams_count"];
                };
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getStream: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the stream. */
                stream_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["stream"];
                    "application/msgpack": components["schemas"]["stream"];
                };
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39001"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    replaceStream: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the stream. */
                stream_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "account_id": "557d54ec-29ad-4f3c-93b4-c9092ef12515",
                 *       "name": "Front door",
                 *       "data": {
                 *         "type": "tcp",
                 *         "reference": "rtsp://192.168.1.20/main",
                 *         "rotation": 0,
                 *         "endless": true
                 *       },
                 *       "event_handler": {
                 *         "api_version": 6,
                 *         "origin": "http://127.0.0.1:5000",
                 *         "bestshot_handler": {
                 *           "handler_id": "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b"
                 *         }
                 *       },
                 *       "policies": {
                 *         "healthcheck": {
                 *           "max_error_count": 10,
                 *           "period": 3600,
                 *           "retry_delay": 5
                 *         }
                 *       },
                 *       "location": {
                 *         "city": "Berlin",
                 *         "geo_position": {
                 *           "longitude": 13.377,
                 *           "latitude": 52.516
                 *         }
                 *       },
                 *       "autorestart": {
                 *         "restart": 1,
                 *         "attempt_count": 10,
                 *         "delay": 60
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["stream_to_write"];
            };
        };
        responses: {
            /** @description The stream was written. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["stream_version"];
                    "application/msgpack": components["schemas"]["stream_version"];
                };
            };
            400: components["responses"]["error_12012_12022_12027_39002"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39001_39007"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    deleteStream: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the stream. */
                stream_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream is gone. */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39001"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    patchStream: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the stream. */
                stream_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "pause"
                 *     }
                 */
                "application/json": components["schemas"]["stream_patch"];
            };
        };
        responses: {
            /** @description The stream was changed, or had that status already. */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["error_12012_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39001"];
            409: components["responses"]["error_39003_39004_39005"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    lookIntoQueue: {
        parameters: {
            query: {
                /** @description How many streams at most. */
                limit: number;
                /** @description Streams with one of these ids. */
                stream_ids?: components["schemas"]["stream_id"][];
                /** @description Streams with one of these names. */
                names?: components["schemas"]["stream_name"][];
                /** @description Streams of one of these groups. */
                group_ids?: components["schemas"]["group_id"][];
                /** @description Streams of one of these groups, by name. */
                group_names?: string[];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Streams that wait. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["streams"];
                    "application/msgpack": components["schemas"]["streams"];
                };
            };
            400: components["responses"]["error_12012_12014"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    takeFromQueue: {
        parameters: {
            query?: {
                /** @description Seconds to wait until something can be taken. */
                wait?: number;
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
                /** @description Names the agent, anew at each of its starts. Feedback of another agent than the taker is not applied. */
                "Agent-Id"?: components["parameters"]["agent_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filters": {
                 *         "group_names": [
                 *           "entrances"
                 *         ]
                 *       },
                 *       "limit": 8
                 *     }
                 */
                "application/json": components["schemas"]["queue_take"];
            };
        };
        responses: {
            /** @description Streams to process. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["streams"];
                    "application/msgpack": components["schemas"]["streams"];
                };
            };
            400: components["responses"]["error_12012_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    sendFeedback: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
                /** @description Names the agent, anew at each of its starts. Feedback of another agent than the taker is not applied. */
                "Agent-Id"?: components["parameters"]["agent_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "streams": [
                 *         {
                 *           "stream_id": "426542d6-5509-4e5b-8a01-e2abd5c0a8c6",
                 *           "version": 1,
                 *           "status": "in_progress",
                 *           "error": null,
                 *           "video_info": {
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "frame_rate": 25
                 *           },
                 *           "preview": {
                 *             "live": {
                 *               "url": "http://127.0.0.1:5165/live"
                 *             },
                 *             "last_frame": {
                 *               "url": "http://127.0.0.1:5165/last_frame"
                 *             }
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["feedback"];
            };
        };
        responses: {
            /** @description What was applied and what was not. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["feedback_answer"];
                    "application/msgpack": components["schemas"]["feedback_answer"];
                };
            };
            400: components["responses"]["error_12012_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getLastFrame: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the stream. */
                stream_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "image/*": string;
                };
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39001_39009"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            502: components["responses"]["error_39010"];
            503: components["responses"]["error_39905"];
        };
    };
    watchLive: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the stream. */
                stream_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The pictures. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "multipart/x-mixed-replace": string;
                };
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39001_39009"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            502: components["responses"]["error_39010"];
            503: components["responses"]["error_39905"];
        };
    };
    readLogs: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
                /** @description Records of these streams. */
                stream_ids?: components["schemas"]["stream_id"][];
                /** @description Records of these statuses. */
                statuses?: components["schemas"]["log_status"][];
                /** @description Members to answer with. */
                targets?: ("stream_id" | "log_time" | "error" | "status" | "video_info" | "version" | "preview")[];
                /** @description Records before this time. */
                log_time__lt?: components["schemas"]["time"];
                /** @description Records of this time or later. */
                log_time__gte?: components["schemas"]["time"];
                /** @description Number of the page. */
                page?: number;
                /** @description Items on a page. */
                page_size?: number;
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of records. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["logs"];
                    "application/msgpack": components["schemas"]["logs"];
                };
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    deleteLogs: {
        parameters: {
            query: {
                /** @description Records before this time; of an existing stream never the newest. */
                log_time__lt: components["schemas"]["time"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many were deleted. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["deleted_count"];
                    "application/msgpack": components["schemas"]["deleted_count"];
                };
            };
            400: components["responses"]["error_12012_12014"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    listGroups: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
                /** @description Groups with one of these ids. */
                group_ids?: components["schemas"]["group_id"][];
                /** @description Groups with one of these names. */
                group_names?: string[];
                /** @description Number of the page. */
                page?: number;
                /** @description Items on a page. */
                page_size?: number;
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of groups. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["groups"];
                    "application/msgpack": components["schemas"]["groups"];
                };
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    createGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "account_id": "557d54ec-29ad-4f3c-93b4-c9092ef12515",
                 *       "group_name": "entrances",
                 *       "description": "All doors to the street"
                 *     }
                 */
                "application/json": components["schemas"]["group_to_write"];
            };
        };
        responses: {
            /** @description The group was created. */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    /** @description Path of the group. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["group_created"];
                    "application/msgpack": components["schemas"]["group_created"];
                };
            };
            400: components["responses"]["error_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            409: components["responses"]["error_39006"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    countGroups: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
                /** @description Groups with one of these ids. */
                group_ids?: components["schemas"]["group_id"][];
                /** @description Groups with one of these names. */
                group_names?: string[];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many groups match. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["groups_count"];
                    "application/msgpack": components["schemas"]["groups_count"];
                };
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getGroup: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the group. */
                group_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["group"];
                    "application/msgpack": components["schemas"]["group"];
                };
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39008"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    deleteGroup: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the group. */
                group_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group is gone. */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39008"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    patchGroup: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the group. */
                group_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "All doors"
                 *     }
                 */
                "application/json": components["schemas"]["group_patch"];
            };
        };
        responses: {
            /** @description The group was changed. */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["error_12012_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39008"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    linkStreams: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "action": "attach",
                 *       "stream_ids": [
                 *         "426542d6-5509-4e5b-8a01-e2abd5c0a8c6"
                 *       ],
                 *       "group_id": "b5d6fd45-fcca-453d-ac05-3e594054b813"
                 *     }
                 */
                "application/json": components["schemas"]["link"];
            };
        };
        responses: {
            /** @description All of them are attached, or detached. */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["error_12012_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_39001_39008"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    relinkStreams: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "action": "attach",
                 *       "stream_ids": [
                 *         "426542d6-5509-4e5b-8a01-e2abd5c0a8c6"
                 *       ],
                 *       "group_id": "b5d6fd45-fcca-453d-ac05-3e594054b813"
                 *     }
                 */
                "application/json": components["schemas"]["link"];
            };
        };
        responses: {
            /** @description All of them are attached, or detached. */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["error_12012_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_39001_39008"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    checkHealth: {
        parameters: {
            query?: {
                /** @description Whether the services this one leans on are asked too. */
                include_luna_services?: number;
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service can work. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["health"];
                    "application/msgpack": components["schemas"]["health"];
                };
            };
            400: components["responses"]["error_12012"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getConsole: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
                /** @description The `ETag` of what the client has; the answer is 304 when it is still that. */
                "If-None-Match"?: components["parameters"]["if_none_match"];
                /** @description Compressions that the client reads; a file that was compressed when it was built is sent in the smallest. */
                "Accept-Encoding"?: components["parameters"]["accept_encoding"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description The client has it. */
            304: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    searchStreams: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filter": {
                 *         "statuses": [
                 *           "failure"
                 *         ],
                 *         "names": [
                 *           "north"
                 *         ]
                 *       },
                 *       "order": "newest"
                 *     }
                 */
                "application/json": components["schemas"]["console_search"];
            };
        };
        responses: {
            /** @description How many match, and some of them. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["console_streams_found"];
                    "application/msgpack": components["schemas"]["console_streams_found"];
                };
            };
            400: components["responses"]["error_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getStreamDetail: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the stream. */
                stream_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream, its secrets as ********. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["console_stream_detail"];
                    "application/msgpack": components["schemas"]["console_stream_detail"];
                };
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39001"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    replaceStreamKeepingSecrets: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the stream. */
                stream_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "account_id": "557d54ec-29ad-4f3c-93b4-c9092ef12515",
                 *       "name": "Front door",
                 *       "data": {
                 *         "type": "tcp",
                 *         "reference": "rtsp://192.168.1.20/main",
                 *         "rotation": 0,
                 *         "endless": true
                 *       },
                 *       "event_handler": {
                 *         "api_version": 6,
                 *         "origin": "http://127.0.0.1:5000",
                 *         "bestshot_handler": {
                 *           "handler_id": "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b"
                 *         }
                 *       },
                 *       "policies": {
                 *         "healthcheck": {
                 *           "max_error_count": 10,
                 *           "period": 3600,
                 *           "retry_delay": 5
                 *         }
                 *       },
                 *       "location": {
                 *         "city": "Berlin",
                 *         "geo_position": {
                 *           "longitude": 13.377,
                 *           "latitude": 52.516
                 *         }
                 *       },
                 *       "autorestart": {
                 *         "restart": 1,
                 *         "attempt_count": 10,
                 *         "delay": 60
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["stream_to_write"];
            };
        };
        responses: {
            /** @description The stream was written. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["stream_version"];
                    "application/msgpack": components["schemas"]["stream_version"];
                };
            };
            400: components["responses"]["error_12022_12027_39002"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39001_39007"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getConsoleStreamsLogs: {
        parameters: {
            query?: {
                /** @description Id of the account that an object belongs to. */
                account_id?: components["schemas"]["account_id"];
                /** @description Records of these streams. */
                stream_ids?: components["schemas"]["stream_id"][];
                /** @description Records of these statuses. */
                statuses?: components["schemas"]["log_status"][];
                /** @description Members to answer with. */
                targets?: ("stream_id" | "log_time" | "error" | "status" | "video_info" | "version" | "preview")[];
                /** @description Records before this time. */
                log_time__lt?: components["schemas"]["time"];
                /** @description Records of this time or later. */
                log_time__gte?: components["schemas"]["time"];
                /** @description Number of the page. */
                page?: number;
                /** @description Items on a page. */
                page_size?: number;
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of records. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["logs"];
                    "application/msgpack": components["schemas"]["logs"];
                };
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    postConsoleReferenceTests: {
        parameters: {
            query?: {
                /** @description Seconds to wait for an agent's first signs. */
                wait?: number;
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "account_id": "557d54ec-29ad-4f3c-93b4-c9092ef12515",
                 *       "data": {
                 *         "type": "tcp",
                 *         "reference": "rtsp://some_stream_address"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["console_reference_to_test"];
            };
        };
        responses: {
            /** @description What came of it. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["console_reference_test"];
                    "application/msgpack": components["schemas"]["console_reference_test"];
                };
            };
            400: components["responses"]["error_12012_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_39001_39007"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    makeSet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filter": {
                 *         "groups": [
                 *           "hd_stream_2"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["console_set_to_make"];
            };
        };
        responses: {
            /** @description The set. */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["console_set"];
                    "application/msgpack": components["schemas"]["console_set"];
                };
            };
            400: components["responses"]["error_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    readSet: {
        parameters: {
            query?: {
                /** @description Place of the first. */
                from?: number;
                /** @description How many. */
                count?: number;
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id. */
                set_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Some of its streams. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["console_set_rows"];
                    "application/msgpack": components["schemas"]["console_set_rows"];
                };
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    startAction: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id. */
                set_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "action": "pause"
                 *     }
                 */
                "application/json": components["schemas"]["console_action_to_start"];
            };
        };
        responses: {
            /** @description It has begun. */
            202: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["console_action"];
                    "application/msgpack": components["schemas"]["console_action"];
                };
            };
            400: components["responses"]["error_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013_39008"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getAction: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id. */
                action_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far it is. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["console_action"];
                    "application/msgpack": components["schemas"]["console_action"];
                };
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    endAction: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id. */
                action_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far it came. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["console_action"];
                    "application/msgpack": components["schemas"]["console_action"];
                };
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    listViews: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["console_views"];
                    "application/msgpack": components["schemas"]["console_views"];
                };
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    saveView: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Failed in the north",
                 *       "place": "streams",
                 *       "query": "q=status:failure+name:north"
                 *     }
                 */
                "application/json": components["schemas"]["console_view_to_save"];
            };
        };
        responses: {
            /** @description The view was saved. */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["console_view"];
                    "application/msgpack": components["schemas"]["console_view"];
                };
            };
            400: components["responses"]["error_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    deleteView: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id. */
                view_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The view is gone. */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings. The settings as YAML. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["settings"];
                    "application/msgpack": components["schemas"]["settings"];
                    "text/plain": string;
                };
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    listPlugins: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plugins. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["plugins"];
                    "application/msgpack": components["schemas"]["plugins"];
                };
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    logIn: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
                /** @description Where the page comes from that asks. A page of another origin is refused. */
                Origin?: components["parameters"]["origin"];
                /** @description The host that is asked. */
                Host?: components["parameters"]["host"];
                /** @description From a proxy in front: `https` makes the session's cookie one for https only. */
                "X-Forwarded-Proto"?: components["parameters"]["x_forwarded_proto"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "perigee_a1B2c3D4…"
                 *     }
                 */
                "application/json": components["schemas"]["login"];
            };
        };
        responses: {
            /** @description Who is logged in. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    /** @description The session, which no script can read. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["me"];
                    "application/msgpack": components["schemas"]["me"];
                };
            };
            400: components["responses"]["error_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    logOut: {
        parameters: {
            query?: {
                /** @description 1: every session of the same token or user. */
                everywhere?: number;
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
                /** @description Where the page comes from that asks. A page of another origin is refused. */
                Origin?: components["parameters"]["origin"];
                /** @description The host that is asked. */
                Host?: components["parameters"]["host"];
                /** @description The session. */
                Cookie?: components["parameters"]["cookie"];
                /** @description From a proxy in front: `https` makes the session's cookie one for https only. */
                "X-Forwarded-Proto"?: components["parameters"]["x_forwarded_proto"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is closed, if there was one. */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    /** @description Takes the session away. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["error_12012"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    whoAmI: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who asks, and what it may do. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["me"];
                    "application/msgpack": components["schemas"]["me"];
                };
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /** @description Number of the page. */
                page?: number;
                /** @description Items on a page. */
                page_size?: number;
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of tokens. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["tokens"];
                    "application/msgpack": components["schemas"]["tokens"];
                };
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Night shift",
                 *       "role": "operator",
                 *       "accounts": [
                 *         "557d54ec-29ad-4f3c-93b4-c9092ef12515"
                 *       ],
                 *       "expire_time": "2027-01-01T00:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["token_to_write"];
            };
        };
        responses: {
            /** @description The token was made. */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["token_created"];
                    "application/msgpack": components["schemas"]["token_created"];
                };
            };
            400: components["responses"]["error_12022_12027"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            413: components["responses"]["error_39901"];
            415: components["responses"]["error_12023"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path: {
                /** @description Id of the token. */
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token opens nothing any more. */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            404: components["responses"]["error_12013"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getConsoleAudit: {
        parameters: {
            query?: {
                /** @description Id of a stream. */
                stream_id?: components["schemas"]["stream_id"];
                /** @description Id of a group. */
                group_id?: components["schemas"]["group_id"];
                /** @description Records of who has this name, or is this subject. */
                actor?: string;
                /** @description Records of these actions. */
                actions?: ("create" | "put" | "patch" | "delete" | "pause" | "resume" | "cancel" | "attach" | "detach" | "create_group" | "patch_group" | "delete_group" | "start_action" | "end_action" | "delete_logs" | "test_reference" | "save_view" | "delete_view" | "create_token" | "revoke_token" | "login" | "logout")[];
                /** @description Records of this time or later. */
                audit_time__gte?: components["schemas"]["time"];
                /** @description Records before this time. */
                audit_time__lt?: components["schemas"]["time"];
                /** @description The `next` of the page before: records that are older. */
                before?: string;
                /** @description Records on a page. */
                page_size?: number;
            };
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of records. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["audit_page"];
                    "application/msgpack": components["schemas"]["audit_page"];
                };
            };
            400: components["responses"]["error_12012"];
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["error_39902"];
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getSpecification: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
                /** @description The `ETag` of what the client has; the answer is 304 when it is still that. */
                "If-None-Match"?: components["parameters"]["if_none_match"];
                /** @description Compressions that the client reads; a file that was compressed when it was built is sent in the smallest. */
                "Accept-Encoding"?: components["parameters"]["accept_encoding"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The description of the API. A page that shows it. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-yaml": string;
                    "text/html": string;
                };
            };
            /** @description The client has it. */
            304: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["error_39903"];
            406: components["responses"]["error_12024"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
    getManual: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced. */
                "Luna-Request-Id"?: components["parameters"]["luna_request_id"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where it begins. */
            302: {
                headers: {
                    "Luna-Request-Id": components["headers"]["luna_request_id"];
                    /** @description Path of its first page. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["error_39903"];
            429: components["responses"]["error_39904"];
            500: components["responses"]["error_1"];
            503: components["responses"]["error_39905"];
        };
    };
}
