/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "report"

#include "apps/web/report.h"

#include <string.h>

#include "base/log.h"
#include "runtime/fiber/fiber.h"
#include "runtime/loop/loop.h"

enum {
	PATIENCE_S = 60, /* for an answer */
	AGAIN_S = 2,     /* after one that failed: at first there is no address of our own yet */
};

/* The status of the answer, or an error. */
static int send_one(struct web *web, const struct web_reports *to)
{
	const struct http_client_request request = {
		.method = HTTP_POST,
		.url = to->url,
		.fields = "Content-Type: application/json\r\n",
		.body = web_status_slice(web_describe(web)),
	};
	struct http_client_response response = {0};
	struct http_call call;
	uint64_t now_us = time_now_us();

	int n = http_call_start(&call, to->client, &request, fiber_waker(fiber_current()), now_us);
	if (n != OK)
		return n;
	n = (int)FIBER_AWAIT(http_call_response(&call, &response),
			     now_us + PATIENCE_S * (uint64_t)US_PER_S);
	if (n == OK)
		n = (int)response.status;
	http_call_end(&call);
	return n;
}

static void tell(const char *url, int answer)
{
	if (answer < 0)
		log_warn("to %s: %s", url, err_str((enum err)answer));
	else
		log_info("to %s: status %d", url, answer);
}

int web_report(struct web *web, const struct web_reports *to)
{
	struct http_url url;
	int before = ERR_NOTREADY;
	enum err e = http_url_parse(&url, (struct http_text){to->url, strlen(to->url)});

	if (e != OK) {
		log_error("--report-to=%s: %s; expected http://HOST/PATH", to->url, err_str(e));
		return 1;
	}
	do {
		int answer = send_one(web, to);
		if (answer != before)
			tell(to->url, answer);
		before = answer;
	} while (fiber_sleep((before < 0 ? AGAIN_S : to->every_s) * (uint64_t)US_PER_S) == OK);
	return 0;
}
