/* SPDX-License-Identifier: ISC */
#include "storage/log/internal.h"

static enum err get(struct kv *kv, const char *key, size_t key_len, struct kv_value *out)
{
	(void)kv;
	(void)key;
	(void)key_len;
	(void)out;
	return ERR_UNSUPPORTED;
}

/* What is synced is safe, which the next record says. */
static bool claim_all(struct kvlog *s)
{
	bool news = !s->broken && s->end.seq == s->head && s->claim != s->end.off;

	if (news)
		s->claim = s->end.off;
	return news;
}

/*
 * What several changes have left unsaid is said now: that they are safe, so that what is damaged
 * among them later cannot pass for the end of the log. With what is moved to make room for that.
 */
static enum err sync_all(struct kv_rw *kv)
{
	struct kvlog *s = kvlog_of_rw(kv);
	bool say = s->mounted == OK && s->unclaimed > 1 && !s->config.read_only;
	enum err room = say ? kvlog_make_room(s, kvlog_payload(s) / 8) : OK;
	enum err e = s->mounted != OK ? s->mounted : kvlog_sync_flash(s);

	if (e == OK && claim_all(s) && say && room == OK)
		room = kvlog_append_tail(s, s->tail);
	/* Nothing is lost with that record alone. */
	if (e == OK)
		s->unclaimed = 0;
	/* Whatever comes of it: all before is safe. */
	if (say)
		kvlog_settle_suspects(s, room);
	return e;
}

void kvlog_set_ops(struct kvlog *s)
{
	static const struct kv_ops ops = {.get = get,
					  .stat = kvlog_stat,
					  .read = kvlog_get_bytes,
					  .list = kvlog_list,
					  .waits = true};
	static const struct kv_rw_ops rw_ops = {.set = kvlog_set,
						.remove = kvlog_remove,
						.rename = kvlog_rename,
						.batch = kvlog_batch,
						.sync = sync_all,
						.open = kvlog_writer_open,
						.append = kvlog_writer_append,
						.close = kvlog_writer_close,
						.batches_are_atomic = true};

	s->rw.kv.ops = &ops;
	s->rw.ops = &rw_ops;
}
