/* SPDX-License-Identifier: ISC */
/* PUT and DELETE. */
#include <string.h>

#include "net/http_files/http_files_internal.h"

/* --- an upload ------------------------------------------------------------------------------- */

static size_t room(const struct http_file *f)
{
	return (size_t)f->files->config.piece_bytes * HTTP_FILE_PIECES;
}

/* Both pieces: they lie one behind the other. */
static uint8_t *buffer(const struct http_file *f)
{
	return f->piece[0].bytes;
}

/* What can be said of a key's value as it is now; there need not be one. */
static enum err look(struct http_file *f, struct kv_info *info, bool *exists)
{
	enum err e = kv_stat(f->files->store, f->key, f->key_len, info);

	*exists = e == OK;
	/* Not of this key, but of the store: none is there that could be read. */
	if (e == ERR_INVALID || e == ERR_UNSUPPORTED)
		return ERR_DAMAGED;
	return e == ERR_NOTFOUND ? OK : e;
}

/* On the queue's fiber: all that has come goes to the store. */
static enum err append(struct http_file *f)
{
	struct kv_info now;
	bool exists;
	enum err e = f->writing ? OK : look(f, &now, &exists);

	if (e == OK && !f->writing) {
		e = kv_open(f->files->writable, &f->writer, f->key, f->key_len);
		f->writing = e == OK;
	}
	if (e == OK && f->filled > 0)
		e = kv_append(&f->writer, buffer(f), f->filled);
	if (e == OK && f->taken.len > 0)
		e = kv_append(&f->writer, f->taken.data, f->taken.len);
	return e;
}

static ssize_t append_call(struct kv_request *r)
{
	return append(container_of(r, struct http_file, request));
}

static void change(struct http_file *f);

static void appended(struct kv_request *r, ssize_t result)
{
	struct http_file *f = http_file_asked(r);

	f->filled = 0;
	ref_put(f->taken.owner);
	f->taken = (struct slice){0};
	if (f->failure == OK)
		f->failure = (enum err)result;
	if (f->conn == NULL)
		http_file_settle(f);
	else if (f->complete)
		change(f);
	else
		http_wake(f->conn);
}

/*
 * The rest of an upload that has failed already is dropped, so that the peer sees the answer; but
 * not without end.
 */
static enum err drop(struct http_file *f, size_t len)
{
	if (len > f->files->config.upload_bytes - f->dropped)
		return ERR_RANGE;
	f->dropped += len;
	return OK;
}

static enum err take(struct http_file *f, struct slice bytes)
{
	if (f->failure != OK)
		return drop(f, bytes.len);
	if (f->lent)
		return ERR_AGAIN;
	/* The content of a request to delete means nothing (RFC 9110 section 9.3.5). */
	if (f->method == HTTP_DELETE)
		return drop(f, bytes.len);
	if (bytes.len > f->files->config.upload_bytes - f->uploaded) {
		f->failure = ERR_RANGE;
		return drop(f, bytes.len);
	}
	if (bytes.len <= room(f) - f->filled) {
		memcpy(buffer(f) + f->filled, bytes.data, bytes.len);
		f->filled += bytes.len;
	} else if (f->filled > 0) {
		f->failure = http_file_ask(f, append_call, appended);
		return f->failure == OK ? ERR_AGAIN : OK;
	} else if (bytes.owner != NULL) {
		f->taken = bytes;
		ref_get(bytes.owner);
		f->failure = http_file_ask(f, append_call, appended);
		if (f->failure != OK) {
			ref_put(f->taken.owner);
			f->taken = (struct slice){0};
		}
	} else {
		f->failure = ERR_NOMEM;
	}
	f->uploaded += bytes.len;
	return OK;
}

/* RFC 9110 section 14.5: what does not know of parts must not take one for the whole. */
static bool names_a_part(struct http_conn *conn)
{
	struct http_text value;

	return http_file_field(http_fields(conn), "content-range", &value) > 0;
}

static struct http_file *begin(struct http_files *files, struct http_conn *conn)
{
	struct http_file *f = http_file_take(files, conn);

	if (f == NULL)
		return NULL;
	f->partial = conn->head.request.method == HTTP_PUT && names_a_part(conn);
	enum err e = http_file_set_key(f, &conn->head.request);
	if (e == OK && conn->head.request.path.at[conn->head.request.path.len - 1] == '/')
		e = ERR_INVALID; /* a folder has no value */
	f->failure = e == OK && !f->partial ? OK : ERR_INVALID;
	if (files->writable == NULL)
		f->failure = ERR_READONLY;
	return f;
}

/*
 * Of those whose body is still to come, at the pace of their peers, so that others find a place
 * however slow these are.
 */
static struct http_file *begin_upload(struct http_files *files, struct http_conn *conn)
{
	unsigned uploads = 0;

	for (unsigned i = 0; i < files->config.requests; i++)
		uploads += files->file[i].used && files->file[i].upload;
	if (uploads > 0 && uploads >= files->config.requests / 2u &&
	    !http_files_make_room(files, conn->http->now_us, true)) {
		files->stats.busy++;
		return NULL;
	}
	struct http_file *f = begin(files, conn);
	if (f != NULL) {
		f->upload = true;
		f->moved_us = conn->http->now_us;
	}
	return f;
}

enum err http_files_body(void *arg, struct http_conn *conn, struct slice bytes, bool last)
{
	struct http_files *files = arg;
	struct http_file *f = http_file_of(files, conn);

	(void)last;
	if (f == NULL)
		f = begin_upload(files, conn);
	if (f == NULL)
		return ERR_NOMEM;
	/* One that says that it is too large need not be begun. */
	if (f->uploaded == 0 && (conn->head.flags & HTTP_CHUNKED) == 0 && f->failure == OK &&
	    conn->head.body_bytes + bytes.len > files->config.upload_bytes)
		f->failure = ERR_RANGE;
	enum err e = take(f, bytes);
	f->moved += e == OK ? bytes.len : 0;
	if (e == ERR_RANGE) { /* gone() is not called after an error */
		files->stats.uploads_ended += f->method == HTTP_PUT;
		http_file_leave(f);
	}
	return e;
}

/* --- the change ------------------------------------------------------------------------------ */

static ssize_t look_call(struct kv_request *r)
{
	struct http_file *f = container_of(r, struct http_file, request);

	return look(f, &f->info, &f->exists);
}

/* The value takes its place, if what the conditions were compared with is still so. */
static enum err put(struct http_file *f)
{
	struct kv_rw *store = f->files->writable;
	enum err e = OK;

	if (!f->writing && f->taken.len == 0)
		return kv_set(store, f->key, f->key_len, buffer(f), f->filled);
	e = append(f);
	if (e != OK)
		return e;
	f->writing = false;
	return kv_close(&f->writer, true);
}

/* 201 or 204; an error of the store; 412. */
static ssize_t change_call(struct kv_request *r)
{
	struct http_file *f = container_of(r, struct http_file, request);
	struct kv_rw *store = f->files->writable;
	struct kv_info now = {0};
	bool exists;
	enum err e = look(f, &now, &exists);

	if (e == OK && f->checked && (exists != f->exists || now.version != f->info.version))
		return 412;
	if (e == OK)
		e = f->method == HTTP_PUT ? put(f) : kv_remove(store, f->key, f->key_len);
	if (e == OK)
		e = kv_sync(store);
	if (e != OK)
		return e;
	return f->method == HTTP_PUT && !exists ? 201 : 204;
}

static void answer(struct http_file *f, ssize_t result)
{
	struct http_conn *conn = f->conn;
	struct http_response response = {.status = (unsigned)result};

	if (result < 0)
		http_file_status(&response, (enum err)result);
	f->files->stats.store_errors += response.status >= 500;
	if (f->method == HTTP_PUT && response.status < 300)
		f->files->stats.uploads++;
	else if (f->method == HTTP_PUT)
		f->files->stats.uploads_ended++;
	http_file_leave(f);
	http_respond(conn, &response);
}

static void changed(struct kv_request *r, ssize_t result)
{
	struct http_file *f = http_file_asked(r);

	ref_put(f->taken.owner);
	f->taken = (struct slice){0};
	if (f->conn == NULL)
		http_file_settle(f);
	else
		answer(f, result);
}

/* 0, or 412: RFC 9110 section 13.2.2, of a request that would change something. */
static unsigned check_conditions(const struct http_file *f)
{
	struct http_text fields = http_fields(f->conn), value;
	const bool match = http_file_field(fields, "if-match", &value) > 0;

	if (f->exists && !match && !http_file_is_unmodified(f))
		return 412;
	if (f->exists)
		return http_select(f->method, fields, f->info.version, f->info.bytes).status == 200
			       ? 0
			       : 412;
	/* Without conditions there would be nothing to delete, which is 404 (section 13.2.1). */
	return match && f->method == HTTP_PUT ? 412 : 0;
}

/* The conditions of the request are about what there is now. */
static void looked(struct kv_request *r, ssize_t result)
{
	struct http_file *f = http_file_asked(r);

	if (f->conn == NULL) {
		http_file_settle(f);
		return;
	}
	if (result == OK)
		result = check_conditions(f);
	f->checked = true;
	if (result == OK)
		result = http_file_ask(f, change_call, changed);
	if (result != OK)
		answer(f, result);
}

/* The parser, which every server has, takes no note of dates. */
static bool is_conditional(struct http_conn *conn)
{
	struct http_text value;

	return (conn->head.flags & HTTP_CONDITIONAL) != 0 ||
	       http_file_field(http_fields(conn), "if-unmodified-since", &value) > 0;
}

/* All of the request is here. A status, or an error of the store. */
static int begin_change(struct http_file *f)
{
	if (f->partial)
		return 400;
	if (f->failure != OK)
		return f->failure;
	return is_conditional(f->conn) ? http_file_ask(f, look_call, looked)
				       : http_file_ask(f, change_call, changed);
}

static void change(struct http_file *f)
{
	int result = begin_change(f);

	if (result != OK)
		answer(f, result);
}

enum err http_files_change(void *arg, struct http_conn *conn, const struct http_request *request,
			   struct http_response *response)
{
	struct http_files *files = arg;
	struct http_file *f = http_file_of(files, conn);

	if (f == NULL)
		f = begin(files, conn);
	if (f != NULL && f->lent) {
		f->complete = true;
		return ERR_AGAIN;
	}
	int result = f != NULL ? begin_change(f) : ERR_NOMEM;
	if (result == OK)
		return ERR_AGAIN;
	if (f != NULL)
		http_file_leave(f);
	files->stats.uploads_ended += request->method == HTTP_PUT;
	if (result > 0)
		response->status = (unsigned)result;
	else
		http_file_status(response, (enum err)result);
	files->stats.store_errors += f != NULL && response->status >= 500;
	return OK;
}
