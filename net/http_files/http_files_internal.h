/* SPDX-License-Identifier: ISC */
/* What reading (http_files.c) and changing (http_files_change.c) share. */
#ifndef NET_HTTP_FILES_HTTP_FILES_INTERNAL_H
#define NET_HTTP_FILES_HTTP_FILES_INTERNAL_H

#include "net/http/http_internal.h"
#include "net/http_files/http_files.h"

enum {
	HTTP_FILE_PIECES = 2,
	/* When others want its place, a peer may be late by so much, … */
	HTTP_FILE_STALL_US = 5000000,
	/* … at so long for each byte: a thousand bytes a second. */
	HTTP_FILE_BYTE_US = 1000,
	/* "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n" and its NUL */
	HTTP_FILE_FIELDS = 15 + HTTP_DATE_CHARS + 2 + 1,
};

/* Some bytes of a value. Free if nobody refers to it and it is not full. */
struct http_piece {
	struct ref ref;
	struct http_file *file;
	uint64_t offset;
	size_t len;
	bool full; /* read, and not shown yet */
	uint8_t *bytes;
};

/*
 * A request that is under way. It is free again when the connection has no use for it (conn is
 * NULL), its request to the queue has ended, no value is open in the store, and the peer has
 * acknowledged the pieces.
 */
struct http_file {
	struct http_files *files;
	bool used;
	bool lent; /* `request` is */
	bool head;
	bool wanted;   /* the server waits for the piece at want_offset */
	bool writing;  /* `writer` is open */
	bool complete; /* the upload is, while a part of it is still on its way to the store */
	bool upload;   /* the rest of it is still to come, or has */
	bool partial;  /* the peer would have it be a part of the value */
	bool checked;  /* what the peer's conditions say of `info` and `exists` was asked for */
	bool exists;
	bool ending; /* all is written: the server waits for the pieces */
	enum http_method method;
	struct http_conn *conn;
	struct kv_request request;
	struct http_source source;
	struct kv_info info;
	enum err failure; /* of reading, or of an upload, which is then only dropped */
	uint64_t want_offset;
	uint64_t moved_us; /* until when the peer has been fast enough, 0: it was shown nothing … */
	uint64_t moved; /* … but for bytes that it has taken, or brought, and that are not counted
			   yet */
	struct http_piece *showing, *filling;
	struct http_piece piece[HTTP_FILE_PIECES];
	struct kv_writer writer;
	struct slice taken; /* of an upload: larger than the pieces, kept as it came */
	size_t filled;      /* of an upload: in the pieces, which are one behind the other */
	uint64_t uploaded;
	uint64_t dropped; /* of an upload that has failed */
	size_t key_len;
	char key[KV_KEY_BYTES_MAX + 1];
	char fields[HTTP_FILE_FIELDS];
};

struct http_files {
	struct http_files_config config;
	struct http_files_stats stats;
	struct kv_queue *queue;
	struct kv *store;
	struct kv_rw *writable;
	struct http_file file[];
};

/*
 * Breaks off the slowest of those, or of the uploads among them, whose peers are too slow to keep
 * others waiting. Whether a place is free by that already.
 */
bool http_files_make_room(struct http_files *files, uint64_t now_us, bool uploads);

/* A free place for a request of `conn`, or NULL: all are taken. */
struct http_file *http_file_take(struct http_files *files, struct http_conn *conn);

/* The place that belongs to a connection, or NULL. */
struct http_file *http_file_of(struct http_files *files, const struct http_conn *conn);

/* The connection has no more use for it. */
void http_file_leave(struct http_file *f);

/* Frees the place if nothing is under way any more. */
void http_file_settle(struct http_file *f);

/* Notes the key that the request's path stands for. ERR_NOTFOUND, ERR_INVALID: it can be none. */
MUST_USE enum err http_file_set_key(struct http_file *f, const struct http_request *request);

/* Lends the request to the queue. ERR_AGAIN: it is full. */
MUST_USE enum err http_file_ask(struct http_file *f, ssize_t (*call)(struct kv_request *r),
				void (*done)(struct kv_request *r, ssize_t result));

/* The place that lent this request, which is back now. */
struct http_file *http_file_asked(struct kv_request *r);

/* How many fields of this name, in lower case, there are; *value is the last one's. */
unsigned http_file_field(struct http_text fields, const char *name, struct http_text *value);

/* What If-Unmodified-Since says of f->info; true without one (RFC 9110 section 13.1.4). */
bool http_file_is_unmodified(const struct http_file *f);

/* An answer without content, or with a line of text. */
void http_file_status(struct http_response *response, enum err e);

#endif
