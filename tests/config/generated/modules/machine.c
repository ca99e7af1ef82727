/* SPDX-License-Identifier: ISC */
/*
 * A machine that says what generated main.c has it do, for tests that run main.c: devices start and
 * stop, fibers run when they are spawned, and the tasks are polled once when main has returned.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hal/board.h"
#include "runtime/devices.h"
#include "runtime/fiber/fiber.h"
#include "runtime/heap/heap.h"
#include "runtime/loop/loop.h"
#include "runtime/start.h"
#include "tests/config/generated/modules/sample.h"
#include "unikernel.h"

/* The name of the device that fails, of the environment; NULL: none does. */
static const char *failing;
static struct task *tasks[8];
static unsigned n_tasks, started;

static const char *next = application_devices;

void device_refused(enum err e)
{
	(void)e;
	printf("failed %s\n", next);
	stop_devices();
	exit(STATUS_ERROR);
}

void device_next(void)
{
	if (failing != NULL && strcmp(next, failing) == 0)
		device_refused(ERR_IO);
	printf("started %s\n", next);
	next += strlen(next) + 1;
	next += strlen(next) + 1;
	started++;
}

unsigned devices_started(void)
{
	return started;
}

/* --- the runtime ----------------------------------------------------------------------------- */

void memory_start(void)
{
	puts("memory");
}

void loop_start(struct timer *timer)
{
	(void)timer;
	puts("loop");
}

struct timer *board_timer(void)
{
	return NULL;
}

void task_add(struct task *task, const char *name, task_poll_fn *poll, void *self)
{
	*task = (struct task){.name = name, .poll = poll, .self = self};
	tasks[n_tasks++] = task;
}

void task_remove(struct task *task)
{
	printf("remove %s\n", task->name);
}

struct waker task_waker(struct task *task)
{
	(void)task;
	return (struct waker){0};
}

enum err fiber_spawn(struct fiber *f, const char *name, size_t stack_bytes, void (*fn)(void *arg),
		     void *arg)
{
	f->name = name;
	printf("spawn %s %zu\n", name, stack_bytes);
	fn(arg);
	return OK;
}

void fiber_join(struct fiber *f)
{
	printf("join %s\n", f->name);
}

static void poll_tasks(void)
{
	for (unsigned i = 0; i < n_tasks; i++)
		printf("%s due %d\n", tasks[i]->name, (int)tasks[i]->poll(tasks[i]->self, 1000));
}

void fibers_main(int (*run)(void), size_t stack_bytes)
{
	printf("main %zu\n", stack_bytes);
	int status = run();
	poll_tasks();
	exit(status);
}

void stop_with_error(const char *format, ...)
{
	(void)format;
	abort();
}

/* --- the devices ----------------------------------------------------------------------------- */

struct netif *sample_netif(unsigned index)
{
	static struct netif netifs[4];
	return &netifs[index];
}

enum err link_start(struct link *link, struct netif *netif, struct waker work)
{
	(void)work;
	link->netif = netif;
	return OK;
}

void link_stop(struct link *link)
{
	printf("stop link %d\n", (int)(link->netif - sample_netif(0)));
}

void link_poll_begin(struct link *link, uint64_t now_us)
{
	printf("begin %d at %d\n", (int)(link->netif - sample_netif(0)), (int)now_us);
}

uint64_t link_poll_end(struct link *link, uint64_t now_us, uint64_t due_us)
{
	(void)now_us;
	printf("end %d\n", (int)(link->netif - sample_netif(0)));
	return due_us;
}

enum err layer_start(struct layer *layer, struct link *link, struct ipv4_prefix address)
{
	(void)layer, (void)link, (void)address;
	return OK;
}

enum err both_start(struct both *both, struct ip *a, struct ip *b)
{
	(void)both, (void)a, (void)b;
	return OK;
}

uint64_t layer_poll(struct layer *layer, uint64_t now_us)
{
	(void)layer;
	puts("poll layer");
	return now_us + 7;
}

enum err echo_start(struct echo *echo, struct ip *ip)
{
	echo->ip = ip;
	return OK;
}

enum err stream_start(struct tcp **stream, const struct stream_config *config, struct ip *ip,
		      struct waker work)
{
	(void)config, (void)work;
	*stream = (struct tcp *)(void *)ip;
	return OK;
}

uint64_t stream_poll(struct tcp *stream, uint64_t now_us)
{
	(void)stream;
	puts("poll stream");
	return now_us + 9;
}

enum err drawer_open(struct drawer *drawer, const char *name, const char *price)
{
	printf("open %s for %s\n", name, price);
	drawer->name = name;
	return OK;
}

void drawer_close(struct drawer *drawer)
{
	printf("close %s\n", drawer->name);
}

void beat(void)
{
	puts("beat");
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	failing = getenv("FAILING");
	return unikernel_main();
}
