/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "files"

#include "base/log.h"
#include "net/http_files/http_files.h"
#include "runtime/fiber/fiber.h"
#include "runtime/start.h"
#include "unikernel.h"

static struct http_route routes[3];

NORETURN static void serve(struct http *http)
{
	http_set_routes(http, routes);
	boot_ready();
	fiber_park_forever();
}

/* Here a person looks; a peer is only told 500 or 503. */
static void look(struct kv *store)
{
	static const char index[] = "index.html";
	enum err e = kv_exists(store, index, sizeof(index) - 1);

	if (e == ERR_NOTFOUND)
		log_info("there is no %s: / will be 404", index);
	else if (e != OK)
		log_warn("the disk has no files of the kind that --files= says: %s", err_str(e));
}

/* Of the configuration's choice one is called. */
int serve_embedded(struct http *http, struct kv *store);
int serve_files(struct http *http, struct http_files *files, struct kv *store);
int serve_store(struct http *http, struct http_files *files, struct kv_rw *store, bool uploads);

int serve_embedded(struct http *http, struct kv *store)
{
	routes[0] = (struct http_route){.path = "/", .handler = http_serve_kv_gzip, .arg = store};
	serve(http);
}

int serve_files(struct http *http, struct http_files *files, struct kv *store)
{
	look(store);
	http_files_set_store(files, store, NULL);
	routes[0] = (struct http_route)HTTP_FILES_ROUTE("/", files);
	serve(http);
}

int serve_store(struct http *http, struct http_files *files, struct kv_rw *store, bool uploads)
{
	look(&store->kv);
	http_files_set_store(files, &store->kv, store);
	routes[0] = (struct http_route)HTTP_FILES_ROUTE("/", files);
	if (uploads)
		routes[1] = (struct http_route)HTTP_FILES_UPLOAD_ROUTE("/", files);
	serve(http);
}
