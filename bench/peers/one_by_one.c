/* SPDX-License-Identifier: ISC */
/*
 * Connections one after another, each with one request and the answer to it: what wears out a
 * server's memory of connections that have ended. After each STEP of them it prints how many a
 * second those were.
 *
 *     one_by_one ADDRESS PORT PATH CONNECTIONS STEP
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The server ends the connection: the answer is whole when nothing more comes. */
static bool fetch(const struct sockaddr_in *to, const char *request, size_t len)
{
	static const struct timeval limit = {.tv_sec = 10};
	char answer[4096];
	ssize_t n, total = 0;
	int s = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	bool good = connect(s, (const struct sockaddr *)to, sizeof(*to)) == 0 &&
		    send(s, request, len, MSG_NOSIGNAL) == (ssize_t)len;
	while (good && (n = recv(s, answer, sizeof(answer), 0)) > 0) {
		good = total > 0 || strncmp(answer, "HTTP/1.1 200", 12) == 0;
		total += n;
	}
	close(s);
	return good && total > 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	char request[512];

	if (argc != 6 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fprintf(stderr, "usage: %s ADDRESS PORT PATH CONNECTIONS STEP\n", argv[0]);
		return 64;
	}
	to.sin_port = htons((uint16_t)atoi(argv[2]));
	int len = snprintf(request, sizeof(request),
			   "GET %s HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n", argv[3]);
	long connections = atol(argv[4]), step = atol(argv[5]), failed = 0;
	double start = now_s();
	for (long i = 1; i <= connections; i++) {
		failed += !fetch(&to, request, (size_t)len);
		if (i % step != 0)
			continue;
		double now = now_s();
		printf("%.1f %ld\n", (double)step / (now - start), failed);
		fflush(stdout);
		start = now;
	}
	return 0;
}
