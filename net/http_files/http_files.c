/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/http_files/http_files_internal.h"
#include "net/http_files/http_media.h"

/* --- places ---------------------------------------------------------------------------------- */

static size_t file_bytes(const struct http_files_config *config)
{
	return sizeof(struct http_file) + (size_t)config->piece_bytes * HTTP_FILE_PIECES;
}

size_t http_files_memory_bytes(const struct http_files_config *config)
{
	return sizeof(struct http_files) + config->requests * file_bytes(config);
}

struct http_files *http_files_init(void *memory, const struct http_files_config *config,
				   struct kv_queue *queue)
{
	struct http_files *files = memory;
	uint8_t *bytes = (uint8_t *)&files->file[config->requests];

	assert(config->requests > 0 && config->piece_bytes > 0 && config->piece_bytes % 8 == 0);
	*files = (struct http_files){.config = *config, .queue = queue};
	for (unsigned i = 0; i < config->requests; i++) {
		struct http_file *f = &files->file[i];
		*f = (struct http_file){.files = files};
		for (unsigned j = 0; j < HTTP_FILE_PIECES; j++, bytes += config->piece_bytes)
			f->piece[j] = (struct http_piece){.file = f, .bytes = bytes};
	}
	return files;
}

void http_files_set_store(struct http_files *files, struct kv *store, struct kv_rw *writable)
{
	files->store = store;
	files->writable = writable;
}

struct kv *http_files_store(const struct http_files *files)
{
	return files->store;
}

bool http_files_take_uploads(const struct http_files *files)
{
	return files->writable != NULL;
}

const struct http_files_stats *http_files_stats(const struct http_files *files)
{
	return &files->stats;
}

struct http_file *http_file_of(struct http_files *files, const struct http_conn *conn)
{
	for (unsigned i = 0; i < files->config.requests; i++) {
		struct http_file *f = &files->file[i];
		if (f->used && f->conn == conn)
			return f;
	}
	return NULL;
}

static struct http_file *find_free(struct http_files *files)
{
	for (unsigned i = 0; i < files->config.requests; i++) {
		struct http_file *f = &files->file[i];
		http_file_settle(f);
		if (!f->used)
			return f;
	}
	return NULL;
}

/* Whether it waits for nobody but its peer. */
static bool waits_for_peer(const struct http_file *f)
{
	if (f->conn == NULL || f->lent || list_linked(&f->conn->ready))
		return false;
	return f->upload || f->conn->reply.source == &f->source;
}

/* What has moved tells no time by itself. Who was faster may not be slower for it later. */
static bool is_slow(struct http_file *f, uint64_t now_us)
{
	f->moved_us = waits_for_peer(f) ? MIN(now_us, f->moved_us + f->moved * HTTP_FILE_BYTE_US)
					: now_us;
	f->moved = 0;
	return now_us - f->moved_us >= HTTP_FILE_STALL_US;
}

bool http_files_make_room(struct http_files *files, uint64_t now_us, bool uploads)
{
	struct http_file *slowest = NULL;

	for (unsigned i = 0; i < files->config.requests; i++) {
		struct http_file *f = &files->file[i];
		if ((f->upload || !uploads) && is_slow(f, now_us) &&
		    (slowest == NULL || f->moved_us < slowest->moved_us))
			slowest = f;
	}
	if (slowest == NULL)
		return false;
	files->stats.stalled++;
	http_conn_expire(slowest->conn);
	return !slowest->used;
}

struct http_file *http_file_take(struct http_files *files, struct http_conn *conn)
{
	struct http_file *f = find_free(files);

	if (f == NULL && http_files_make_room(files, conn->http->now_us, false))
		f = find_free(files);
	if (f == NULL) {
		files->stats.busy++;
		return NULL;
	}
	const struct http_piece first = f->piece[0], second = f->piece[1];
	*f = (struct http_file){.files = files, .used = true, .conn = conn};
	f->piece[0] = (struct http_piece){.file = f, .bytes = first.bytes};
	f->piece[1] = (struct http_piece){.file = f, .bytes = second.bytes};
	files->stats.requests++;
	return f;
}

/* What was begun in the store is given up there, by the queue; when that is full, another time. */
static ssize_t give_up(struct kv_request *r)
{
	struct http_file *f = container_of(r, struct http_file, request);

	f->writing = false;
	return kv_close(&f->writer, false);
}

static void given_up(struct kv_request *r, ssize_t result)
{
	(void)result;
	http_file_settle(http_file_asked(r));
}

static bool is_lending(const struct http_file *f)
{
	return f->piece[0].ref.count > 0 || f->piece[1].ref.count > 0;
}

void http_file_settle(struct http_file *f)
{
	if (!f->used || f->conn != NULL || f->lent)
		return;
	if (f->writing) {
		(void)!http_file_ask(f, give_up, given_up);
		return;
	}
	f->used = is_lending(f);
}

static void drop_shown(struct http_file *f)
{
	struct http_piece *p = f->showing;

	f->showing = NULL;
	if (p != NULL)
		ref_put(&p->ref);
}

void http_file_leave(struct http_file *f)
{
	f->conn = NULL;
	if (f->lent && !f->writing)
		kv_queue_cancel(f->files->queue, &f->request);
	drop_shown(f);
	http_file_settle(f);
}

void http_files_gone(void *arg, struct http_conn *conn)
{
	struct http_files *files = arg;
	struct http_file *f = http_file_of(files, conn);

	if (f == NULL)
		return;
	files->stats.uploads_ended += f->method == HTTP_PUT;
	http_file_leave(f);
}

enum err http_file_ask(struct http_file *f, ssize_t (*call)(struct kv_request *r),
		       void (*done)(struct kv_request *r, ssize_t result))
{
	assert(!f->lent);
	f->request.call = call;
	f->request.done = done;
	enum err e = kv_queue_submit(f->files->queue, &f->request);
	f->lent = e == OK;
	return e;
}

struct http_file *http_file_asked(struct kv_request *r)
{
	struct http_file *f = container_of(r, struct http_file, request);

	f->lent = false;
	return f;
}

/* --- answers --------------------------------------------------------------------------------- */

static unsigned status_of(enum err e)
{
	switch (e) {
	case OK:
		return 204;
	case ERR_NOTFOUND:
		return 404;
	case ERR_INVALID:
	case ERR_EXISTS:
		return 409;
	case ERR_READONLY:
		return 403;
	case ERR_RANGE:
	case ERR_UNSUPPORTED:
		return 413;
	case ERR_NOSPACE:
		return 507;
	case ERR_AGAIN:
	case ERR_NODEV:
	case ERR_NOMEM:
	case ERR_NOTREADY:
	case ERR_TIMEOUT:
		return 503;
	default:
		return 500;
	}
}

void http_file_status(struct http_response *response, enum err e)
{
	static const char full[] = "The store is full.\n";

	response->status = status_of(e);
	if (response->status == 507) {
		response->content_type = "text/plain; charset=utf-8";
		response->body = SLICE_STATIC((const uint8_t *)full, sizeof(full) - 1);
	}
}

enum err http_file_set_key(struct http_file *f, const struct http_request *request)
{
	static const char index[] = "index.html";
	const char *path = request->path.at + 1;
	size_t len = request->path.len - 1;
	const bool whole = len == 0 || path[len - 1] == '/';

	f->method = request->method;
	if (len + (whole ? sizeof(index) - 1 : 0) > KV_KEY_BYTES_MAX)
		return ERR_NOTFOUND;
	memcpy(f->key, path, len);
	if (whole) {
		memcpy(f->key + len, index, sizeof(index) - 1);
		len += sizeof(index) - 1;
	}
	f->key_len = len;
	return kv_key_is_valid(f->key, len) ? OK : ERR_INVALID;
}

/* --- reading --------------------------------------------------------------------------------- */

static bool is_free(const struct http_piece *p)
{
	return p->ref.count == 0 && !p->full;
}

static bool has(const struct http_piece *p, uint64_t offset)
{
	return p->full && offset >= p->offset && offset - p->offset < p->len;
}

/*
 * Whether the value is still the one that is described. Asked behind each reading: what is another
 * now must not be sent as a part of the first.
 */
static enum err compare(struct http_file *f)
{
	struct kv *store = f->files->store;
	struct kv_info now;

	if (store->ops->constant)
		return OK;
	enum err e = kv_stat(store, f->key, f->key_len, &now);
	if (e != OK)
		return e;
	return now.bytes == f->info.bytes && now.version == f->info.version &&
			       now.modified_s == f->info.modified_s
		       ? OK
		       : ERR_RESET;
}

/* On the queue's fiber. */
static ssize_t read_piece(struct kv_request *r)
{
	struct http_file *f = container_of(r, struct http_file, request);
	struct http_piece *p = f->filling;
	ssize_t n = kv_read(f->files->store, f->key, f->key_len, p->offset, p->bytes, p->len);
	enum err e = n >= 0 ? compare(f) : OK;

	return e == OK ? n : (ssize_t)e;
}

static void piece_is_read(struct kv_request *r, ssize_t result);

/* Reads ahead, or what the server waits for; not if that is under way, or all pieces are in use. */
static void read_next(struct http_file *f, uint64_t offset)
{
	struct http_piece *p = is_free(&f->piece[0]) ? &f->piece[0] : &f->piece[1];

	if (f->lent || !is_free(p) || offset >= f->info.bytes || f->failure != OK)
		return;
	p->offset = offset;
	p->len = (size_t)MIN((uint64_t)f->files->config.piece_bytes, f->info.bytes - offset);
	f->filling = p;
	f->failure = http_file_ask(f, read_piece, piece_is_read);
}

static void piece_is_read(struct kv_request *r, ssize_t result)
{
	struct http_file *f = http_file_asked(r);
	struct http_piece *p = f->filling;

	if (f->conn == NULL) {
		http_file_settle(f);
		return;
	}
	p->full = result == (ssize_t)p->len;
	if (!p->full) {
		f->failure = result < 0 ? (enum err)result : ERR_RESET;
		f->files->stats.store_errors++;
	}
	if (f->wanted)
		http_wake(f->conn);
}

/* The peer has all that was in it. */
static void piece_release(struct ref *ref)
{
	const struct http_piece *p = container_of(ref, struct http_piece, ref);
	struct http_file *f = p->file;

	if (f->conn == NULL) {
		http_file_settle(f);
		return;
	}
	f->moved += p->len;
	if (f->wanted)
		read_next(f, f->want_offset);
	if (f->wanted ? f->failure != OK : f->ending && !is_lending(f))
		http_wake(f->conn);
}

static enum err show(struct http_file *f, struct http_piece *p, uint64_t offset, struct slice *out)
{
	size_t skipped = (size_t)(offset - p->offset);

	p->full = false;
	p->ref = (struct ref){.count = 1, .release = piece_release};
	f->showing = p;
	if (f->moved_us == 0)
		f->moved_us = f->conn->http->now_us;
	f->wanted = false;
	*out = (struct slice){p->bytes + skipped, p->len - skipped, &p->ref};
	read_next(f, p->offset + p->len);
	return OK;
}

static enum err source_next(struct http_source *s, uint64_t offset, struct slice *out)
{
	struct http_file *f = container_of(s, struct http_file, source);

	drop_shown(f);
	/* Whoever has not acknowledged the end may take no more time than for what is before. */
	f->ending = offset == f->conn->reply.end;
	if (f->ending)
		return is_lending(f) ? ERR_AGAIN : ERR_EOF;
	for (unsigned i = 0; i < HTTP_FILE_PIECES; i++) {
		if (has(&f->piece[i], offset))
			return show(f, &f->piece[i], offset, out);
	}
	if (f->failure != OK)
		return f->failure == ERR_AGAIN ? ERR_NOMEM : f->failure;
	/* What was read ahead for another place than the peer has asked for. */
	f->piece[0].full = f->piece[1].full = false;
	f->wanted = true;
	f->want_offset = offset;
	read_next(f, offset);
	return ERR_AGAIN;
}

static void source_done(struct http_source *s)
{
	http_file_leave(container_of(s, struct http_file, source));
}

/* --- GET and HEAD ---------------------------------------------------------------------------- */

/* On the queue's fiber: what there is, and its beginning, which mostly is wanted next. */
static ssize_t look(struct kv_request *r)
{
	struct http_file *f = container_of(r, struct http_file, request);
	struct http_piece *p = &f->piece[0];
	struct kv *store = f->files->store;
	enum err e = kv_stat(store, f->key, f->key_len, &f->info);

	if (e != OK || f->method == HTTP_HEAD || f->info.bytes == 0)
		return e;
	p->len = (size_t)MIN((uint64_t)f->files->config.piece_bytes, f->info.bytes);
	ssize_t n = kv_read(store, f->key, f->key_len, 0, p->bytes, p->len);
	if (n < 0)
		return n;
	e = compare(f);
	p->full = e == OK && n == (ssize_t)p->len;
	return e == ERR_RESET ? ERR_AGAIN : e;
}

static void set_last_modified(struct http_file *f, struct http_response *response)
{
	static const char name[] = "Last-Modified: ";
	char *at = f->fields;

	if (f->info.modified_s == 0 || f->info.modified_s > HTTP_DATE_MAX_S)
		return;
	memcpy(at, name, sizeof(name) - 1);
	http_format_date(f->info.modified_s, at + sizeof(name) - 1);
	memcpy(at + sizeof(name) - 1 + HTTP_DATE_CHARS, "\r\n", 3);
	response->fields = f->fields;
}

unsigned http_file_field(struct http_text fields, const char *name, struct http_text *value)
{
	struct http_text found, text;
	unsigned n = 0;

	while (http_next_field(&fields, &found, &text)) {
		if (!http_text_is_of(found, name, strlen(name)))
			continue;
		*value = text;
		n++;
	}
	return n;
}

bool http_file_is_unmodified(const struct http_file *f)
{
	struct http_text value;
	uint64_t since_s;

	/* Several are a list, and that is no date. */
	return http_file_field(http_fields(f->conn), "if-unmodified-since", &value) != 1 ||
	       !http_parse_date(value, &since_s) || f->info.modified_s <= since_s;
}

/*
 * Whether the peer has sent our own Last-Modified back: others than that are not compared. The
 * entity tag, if it has sent one, counts instead (RFC 9110 section 13.1.3).
 */
static bool is_not_modified(const struct http_file *f, const struct http_response *response)
{
	struct http_text fields = http_fields(f->conn), value;

	if (response->fields == NULL || http_file_field(fields, "if-none-match", &value) > 0 ||
	    http_file_field(fields, "if-match", &value) > 0)
		return false;
	return http_file_field(fields, "if-modified-since", &value) > 0 &&
	       value.len == HTTP_DATE_CHARS &&
	       memcmp(value.at, f->fields + 15, HTTP_DATE_CHARS) == 0;
}

static void describe(struct http_file *f, struct http_response *response)
{
	struct http_text value;

	if (!http_file_is_unmodified(f) &&
	    http_file_field(http_fields(f->conn), "if-match", &value) == 0) {
		response->status = 412;
		return;
	}
	response->content_type = f->info.media_type != NULL ? f->info.media_type
							    : http_media_type(f->key, f->key_len);
	response->etag = f->info.version;
	set_last_modified(f, response);
	if (is_not_modified(f, response))
		response->status = 304;
	response->source = &f->source;
	response->source_bytes = f->info.bytes;
	f->source = (struct http_source){source_next, source_done};
}

static void looked(struct kv_request *r, ssize_t result)
{
	struct http_file *f = http_file_asked(r);
	struct http_conn *conn = f->conn;
	struct http_response response = {.status = 200};

	if (conn == NULL) {
		http_file_settle(f);
		return;
	}
	if (result == OK)
		describe(f, &response);
	else
		http_file_status(&response, (enum err)result);
	/* What only a change could mean is none of the peer's business here. */
	if (result != OK && response.status > 404 && response.status != 503)
		response = (struct http_response){.status = 500};
	f->files->stats.store_errors += response.status >= 500;
	/* With a source it ends by source_done(), which may come in here. */
	if (response.source == NULL)
		http_file_leave(f);
	http_respond(conn, &response);
}

enum err http_files_get(void *arg, struct http_conn *conn, const struct http_request *request,
			struct http_response *response)
{
	struct http_files *files = arg;

	if (request->method > HTTP_HEAD)
		return ERR_UNSUPPORTED;
	struct http_file *f = http_file_take(files, conn);
	enum err e = f != NULL ? http_file_set_key(f, request) : ERR_NOMEM;
	if (e == OK)
		e = http_file_ask(f, look, looked);
	if (e == OK)
		return ERR_AGAIN;
	if (f != NULL)
		http_file_leave(f);
	http_file_status(response, e == ERR_INVALID ? ERR_NOTFOUND : e);
	return e == ERR_INVALID || e == ERR_NOTFOUND ? ERR_NOTFOUND : OK;
}
