/* SPDX-License-Identifier: ISC */
/*
 * The peer of the benchmarks: what a careful C programmer writes on Linux for the same job. One
 * thread, level-triggered epoll, non-blocking sockets, a response prepared once.
 *
 *     epoll_server ADDRESS PAGE-FILE HTTP-PORT DISCARD-PORT CHARGEN-PORT
 *
 * HTTP answers every request that ends in an empty line with the page, honouring keep-alive,
 * "Connection: close" and pipelining. It ends when it is told to by a signal.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum service { HTTP, DISCARD, CHARGEN };

enum {
	REQUEST_BYTES_MAX = 4096,
	CONNECTIONS_MAX = 4096,
	BULK_BYTES = 256 * 1024,
};

struct conn {
	enum service service;
	bool listener, closing;
	size_t in_bytes;  /* of a request not yet complete */
	size_t owed;      /* responses not yet begun */
	size_t out_bytes; /* of the response being sent, already sent */
	char in[REQUEST_BYTES_MAX];
};

static struct conn *conns[CONNECTIONS_MAX];
static char *response, bulk[BULK_BYTES];
static size_t response_bytes;
static int epoll;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void watch(int fd, int op, uint32_t events)
{
	struct epoll_event e = {.events = events, .data.fd = fd};
	if (epoll_ctl(epoll, op, fd, &e) != 0)
		die("epoll_ctl");
}

static void listen_on(const char *address, const char *port, enum service service)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	inet_pton(AF_INET, address, &at.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || fd >= CONNECTIONS_MAX || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, 1024) != 0)
		die(port);
	conns[fd] = calloc(1, sizeof(struct conn));
	conns[fd]->service = service;
	conns[fd]->listener = true;
	watch(fd, EPOLL_CTL_ADD, EPOLLIN);
}

static void end(int fd)
{
	close(fd);
	free(conns[fd]);
	conns[fd] = NULL;
}

static void accept_all(int listener)
{
	int fd, one = 1;
	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		if (fd >= CONNECTIONS_MAX) {
			close(fd);
			continue;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		conns[fd] = calloc(1, sizeof(struct conn));
		conns[fd]->service = conns[listener]->service;
		watch(fd, EPOLL_CTL_ADD,
		      conns[fd]->service == CHARGEN ? EPOLLIN | EPOLLOUT : EPOLLIN);
	}
}

/* Finds complete requests in what has arrived and notes how many responses are owed. */
static void parse(struct conn *c)
{
	char *end_of_request;
	size_t used = 0;
	while ((end_of_request = memmem(c->in + used, c->in_bytes - used, "\r\n\r\n", 4)) != NULL) {
		*end_of_request = '\0';
		if (strcasestr(c->in + used, "\r\nConnection: close") != NULL)
			c->closing = true;
		used = (size_t)(end_of_request - c->in) + 4;
		c->owed++;
	}
	memmove(c->in, c->in + used, c->in_bytes - used);
	c->in_bytes -= used;
}

/* False when the connection is over. */
static bool send_owed(int fd, struct conn *c)
{
	while (c->owed > 0) {
		ssize_t n = send(fd, response + c->out_bytes, response_bytes - c->out_bytes,
				 MSG_NOSIGNAL);
		if (n < 0) {
			if (errno != EAGAIN)
				return false;
			watch(fd, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
			return true;
		}
		c->out_bytes += (size_t)n;
		if (c->out_bytes == response_bytes) {
			c->out_bytes = 0;
			c->owed--;
		}
	}
	return !c->closing;
}

static bool serve_http(int fd, struct conn *c)
{
	ssize_t n = recv(fd, c->in + c->in_bytes, sizeof(c->in) - 1 - c->in_bytes, 0);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		return false;
	if (n > 0) {
		c->in_bytes += (size_t)n;
		c->in[c->in_bytes] = '\0';
		parse(c);
		if (c->in_bytes == sizeof(c->in) - 1)
			return false;
	}
	return send_owed(fd, c);
}

static bool serve(int fd, struct conn *c)
{
	static char sink[BULK_BYTES];
	ssize_t n = 0;
	if (c->service == HTTP)
		return serve_http(fd, c);
	if (c->service == DISCARD)
		n = recv(fd, sink, sizeof(sink), 0);
	else
		n = send(fd, bulk, sizeof(bulk), MSG_NOSIGNAL);
	return n > 0 || (n < 0 && errno == EAGAIN);
}

static void prepare_response(const char *path)
{
	FILE *f = fopen(path, "rb");
	char header[256];
	if (f == NULL)
		die(path);
	fseek(f, 0, SEEK_END);
	long size = ftell(f);
	rewind(f);
	int n = snprintf(header, sizeof(header),
			 "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
			 "Content-Length: %ld\r\nETag: \"0123456789abcdef\"\r\n\r\n",
			 size);
	response_bytes = (size_t)n + (size_t)size;
	response = malloc(response_bytes);
	memcpy(response, header, (size_t)n);
	if (fread(response + n, 1, (size_t)size, f) != (size_t)size)
		die(path);
	fclose(f);
}

int main(int argc, char **argv)
{
	struct epoll_event events[256];
	if (argc != 6) {
		fprintf(stderr, "usage: %s ADDRESS PAGE-FILE HTTP DISCARD CHARGEN\n", argv[0]);
		return 64;
	}
	prepare_response(argv[2]);
	memset(bulk, 'x', sizeof(bulk));
	epoll = epoll_create1(0);
	listen_on(argv[1], argv[3], HTTP);
	listen_on(argv[1], argv[4], DISCARD);
	listen_on(argv[1], argv[5], CHARGEN);
	for (;;) {
		int n = epoll_wait(epoll, events, 256, -1);
		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd;
			if (conns[fd] == NULL)
				continue;
			if (conns[fd]->listener)
				accept_all(fd);
			else if (!serve(fd, conns[fd]))
				end(fd);
		}
	}
}
