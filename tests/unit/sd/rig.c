/* SPDX-License-Identifier: ISC */
#include "tests/unit/sd/rig.h"

struct sd_card card;
struct block *disk;
ALIGNED(CACHE_LINE_BYTES) uint8_t memory[SECTORS_MAX * SECTOR];

static bool woken;
static struct sdhci sdhci;
static struct bcm2835_sdhost sdhost;
static struct bcm2835_dma dma;
static struct sunxi_mmc sunxi_mmc;
static struct pl181 pl181;

static void wake(void *arg)
{
	(void)arg;
	woken = true;
}

static int set_up(struct sd_host *host)
{
	sd_fake_init();
	disk = sd_card_init(&card, host, "sd0");
	disk->waker = (struct waker){wake, NULL};
	woken = false;
	fake_log_lines = 0;
	memset(memory, 0, sizeof(memory));
	return 0;
}

int set_up_sdhci(void **state)
{
	const struct sdhci_config config = {.base = SDHCI_FAKE_BASE,
					    .base_hz = 200000000,
					    .line = SD_MACHINE_LINE,
					    .flags = SDHCI_SLOW_WRITES | SDHCI_NO_CAPABILITIES |
						     SDHCI_NO_DETECT};

	(void)state;
	sdhci_fake_init();
	return set_up(sdhci_init(&sdhci, &config, &sd_machine_irq, &sd_machine_timer));
}

static int set_up_bcm2835(struct bcm2835_dma *channel)
{
	const struct bcm2835_sdhost_config config = {.base = SDHOST_FAKE_BASE,
						     .core_hz = SDHOST_FAKE_CORE_HZ,
						     .line = SD_MACHINE_LINE,
						     .dma = channel,
						     .bus_address = DMA_FAKE_SDHOST};

	return set_up(bcm2835_sdhost_init(&sdhost, &config, &sd_machine_irq, &sd_machine_timer));
}

int set_up_sdhost(void **state)
{
	(void)state;
	sdhost_fake_init();
	return set_up_bcm2835(NULL);
}

int set_up_sdhost_dma(void **state)
{
	(void)state;
	sdhost_fake_init();
	bcm2835_dma_fake_init();
	sd_machine.pending[SD_MACHINE_DMA_LINE] = bcm2835_dma_fake_interrupts;
	bcm2835_dma_init(&dma, DMA_FAKE_BASE, DMA_FAKE_BUS_OFFSET, &sd_machine_irq,
			 SD_MACHINE_DMA_LINE);
	return set_up_bcm2835(&dma);
}

int set_up_sunxi_mmc(void **state)
{
	static const struct sunxi_mmc_config config = {
		.base = MMC_FAKE_BASE, .module = MMC_FAKE_MODULE, .line = SD_MACHINE_LINE};

	(void)state;
	sunxi_mmc_fake_init();
	return set_up(sunxi_mmc_init(&sunxi_mmc, &config, &sd_machine_irq, &sd_machine_timer));
}

int set_up_pl181_with(const struct pl181_config *config)
{
	pl181_fake_init();
	return set_up(pl181_init(&pl181, config, &sd_machine_irq, &sd_machine_timer));
}

int set_up_pl181(void **state)
{
	const struct pl181_config config = {.base = PL181_FAKE_BASE,
					    .clock_hz = PL181_FAKE_CLOCK_HZ,
					    .hz_max = PL181_FAKE_HZ_MAX,
					    .line = SD_MACHINE_LINE};

	(void)state;
	return set_up_pl181_with(&config);
}

int tear_down_sunxi_mmc(void **state)
{
	tear_down(state);
	sunxi_mmc_fake_fini();
	return 0;
}

int tear_down(void **state)
{
	(void)state;
	block_stop(disk);
	assert_true(sd_machine_is_quiet());
	assert_int_equal(sdhci_fake.lost, 0);
	assert_int_equal(pl181_fake.mask, 0);
	assert_int_equal(pl181_fake_hz(), 0);
	return 0;
}

static void done(struct block_request *r, enum err result)
{
	struct request *q = container_of(r, struct request, r);

	q->ended++;
	q->result = result;
}

void prepare(struct request *q, enum block_op op, uint64_t sector, uint32_t count)
{
	*q = (struct request){
		.r = {.op = op, .sector = sector, .count = count, .memory = memory, .done = done}};
}

void run(uint64_t us)
{
	uint64_t end = us == TIME_NEVER ? us : sd_machine.now_us + us;

	for (unsigned rounds = 0; sd_machine.now_us < end; rounds++) {
		uint64_t due;

		assert_true(rounds < 100000);
		woken = false;
		due = block_poll(disk, ++sd_machine.now_us);
		sd_machine_run();
		if (woken)
			continue;
		if (due == TIME_NEVER)
			return;
		if (due > sd_machine.now_us)
			sd_machine.now_us = due < end ? due : end;
	}
}

enum err transfer(enum block_op op, uint64_t sector, uint32_t count)
{
	static struct request q;
	enum err e;

	prepare(&q, op, sector, count);
	e = block_submit(disk, &q.r);
	if (e != OK)
		return e;
	assert_int_equal(q.ended, 0); /* never inside */
	run(TIME_NEVER);
	assert_int_equal(q.ended, 1);
	return q.result;
}

void started(void)
{
	assert_int_equal(block_start(disk), OK);
	fake_log_lines = 0;
	sd_fake.logged = 0;
}
