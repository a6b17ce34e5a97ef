import { timeText } from "../time-text.ts";

/** What a statement selects, with the alias `t` for `tokens`, to give a `TokenRow`. */
export const tokenSelect = `t.token_id, t.prefix, t.name, t.role, t.accounts, t.groups,
	${timeText("t.create_time")} AS create_time, ${timeText("t.expire_time")} AS expire_time,
	${timeText("t.use_time")} AS use_time, ${timeText("t.revoke_time")} AS revoke_time`;
