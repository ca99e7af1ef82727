/* SPDX-License-Identifier: ISC */
/* The job of an image that serves a disk's files, too: they are at "/", and web's own pages move.
 */
#define LOG_MODULE "files"

#include "apps/web/start.h"
#include "base/log.h"
#include "net/http_files/http_files.h"
#include "unikernel.h"

/* Here a person looks; a peer is only told 404, 500 or 503. */
static void look(struct kv *store)
{
	static const char index[] = "index.html";
	enum err e = kv_exists(store, index, sizeof(index) - 1);

	if (e == ERR_NOTFOUND)
		log_info("there is no %s: / will be 404, and " WEB_FOLDER " this image's page",
			 index);
	else if (e == ERR_NODEV)
		log_warn("there is no disk: / will be 503, and " WEB_FOLDER " this image's page");
	else if (e != OK)
		log_warn("the disk has no files of the kind that --files= says: %s", err_str(e));
}

/* The application may have been built without. */
int web_start_with_files(struct http *http, struct kv *pages, struct websocket *ws,
			 struct metrics *metrics, struct capture *capture, bool share,
			 struct sntp *sntp, struct syslog *syslog, struct http_client *client,
			 const char *report_to, uint16_t report_every_s, struct http_files *files);

int web_start_with_files(struct http *http, struct kv *pages, struct websocket *ws,
			 struct metrics *metrics, struct capture *capture, bool share,
			 struct sntp *sntp, struct syslog *syslog, struct http_client *client,
			 const char *report_to, uint16_t report_every_s, struct http_files *files)
{
	const struct web_reports reports = {client, report_to, report_every_s};
	/* A last one is the end. */
	static struct http_route routes[WEB_ROUTES_MAX + 1 + 2 + 1];
	unsigned n = web_move_pages(web_prepare(http, pages, ws, metrics, capture, share), routes);

	(void)sntp;
	(void)syslog;
	look(http_files_store(files));
	routes[n++] = (struct http_route)HTTP_FILES_ROUTE("/", files);
	if (http_files_take_uploads(files))
		routes[n] = (struct http_route)HTTP_FILES_UPLOAD_ROUTE("/", files);
	return web_serve(http, routes, &reports);
}
