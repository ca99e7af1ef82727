/* SPDX-License-Identifier: ISC */
/* What is one controller's own. */
#include "tests/unit/sd/rig.h"

static struct sdhci standard;

/* One that keeps to the specification: it says what it can, and sees the card. */
static int set_up_standard(void **state)
{
	const struct sdhci_config config = {.base = SDHCI_FAKE_BASE, .line = SD_MACHINE_LINE};
	struct waker waker;

	set_up_sdhci(state);
	waker = disk->waker;
	sdhci_fake.loses_writes = false;
	sdhci_fake.base_hz = 50000000;
	disk = sd_card_init(
		&card, sdhci_init(&standard, &config, &sd_machine_irq, &sd_machine_timer), "sd0");
	disk->waker = waker;
	return 0;
}

static void a_standard_controller(void **state)
{
	(void)state;
	started();
	assert_int_equal(sdhci_fake.hz, 50000000);
	assert_int_equal(transfer(BLOCK_READ, 5, 70), OK);
	assert_memory_equal(memory, &sd_fake.memory[5 * SECTOR], 70 * SECTOR);
}

static void without_high_speed(void **state)
{
	(void)state;
	sdhci_fake.capabilities = 0x01000000 | 50 << 8;
	started();
	assert_int_equal(sdhci_fake.hz, 25000000);
}

static void of_version_2_it_divides_by_powers_of_two(void **state)
{
	(void)state;
	sdhci_fake.version = 1;
	started();
	assert_int_equal(sdhci_fake.hz, 50000000);
	assert_int_equal(transfer(BLOCK_WRITE, 5, 7), OK);
}

static void what_it_cannot(void **state)
{
	(void)state;
	sdhci_fake.capabilities = 0x02200000 | 50 << 8; /* 3.0 V */
	assert_int_equal(block_start(disk), ERR_UNSUPPORTED);
	sdhci_fake.capabilities = 0x01200000; /* of no known clock */
	assert_int_equal(block_start(disk), ERR_UNSUPPORTED);
	sdhci_fake.capabilities = 0;
	assert_int_equal(block_start(disk), ERR_UNSUPPORTED);
}

static void it_sees_that_there_is_no_card(void **state)
{
	(void)state;
	sd_fake.present = false;
	assert_int_equal(block_start(disk), ERR_NODEV);
	assert_int_equal(sd_fake.logged, 0);
}

static void a_reset_that_does_not_end(void **state)
{
	(void)state;
	sdhci_fake.never_resets = true;
	assert_int_equal(block_start(disk), ERR_TIMEOUT);
	sdhci_fake.never_resets = false;
	sdhci_fake.never_stable = true;
	assert_int_equal(block_start(disk), ERR_TIMEOUT);
	assert_true(sd_machine_is_quiet());
}

static void less_data_than_asked_for(void **state)
{
	(void)state;
	started();
	sdhci_fake.ends_early = true;
	assert_int_equal(transfer(BLOCK_READ, 5, 7), ERR_IO);
	sdhci_fake.ends_early = false;
	assert_int_equal(transfer(BLOCK_READ, 5, 7), OK);
}

static void gaps_between_blocks(void **state)
{
	(void)state;
	started();
	sdhost_fake.gap = 300;
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
	assert_memory_equal(memory, &sd_fake.memory[5 * SECTOR], 20 * SECTOR);
}

static void a_state_that_has_to_be_forced(void **state)
{
	(void)state;
	sdhost_fake.rests_oddly = true;
	started();
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
	assert_int_equal(transfer(BLOCK_WRITE, 5, 20), OK);
	assert_int_equal(transfer(BLOCK_READ, 5, 1), OK);
}

static void dma_moves_several_blocks(void **state)
{
	(void)state;
	started();
	bcm2835_dma_fake.moved = 0;
	assert_int_equal(transfer(BLOCK_READ, 5, 1), OK);
	assert_int_equal(bcm2835_dma_fake.moved, 0);
	/* The device does not ask for the last three words. */
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
	assert_int_equal(bcm2835_dma_fake.moved, 20 * SECTOR / 4 - 3);
	assert_memory_equal(memory, &sd_fake.memory[5 * SECTOR], 20 * SECTOR);
	assert_int_equal(transfer(BLOCK_WRITE, 50, 20), OK);
	assert_int_equal(bcm2835_dma_fake.moved, 40 * SECTOR / 4 - 3);
	assert_memory_equal(memory, &sd_fake.memory[50 * SECTOR], 20 * SECTOR);
}

static void dma_that_fails(void **state)
{
	unsigned resets;

	(void)state;
	started();
	bcm2835_dma_fake.fails = true;
	resets = bcm2835_dma_fake.resets;
	assert_int_equal(transfer(BLOCK_READ, 5, 20), ERR_IO);
	assert_true(bcm2835_dma_fake.resets > resets);
	bcm2835_dma_fake.fails = false;
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
}

/* The memory is the caller's again: the channel has stopped, whatever the card does. */
static void dma_ends_with_the_command(void **state)
{
	struct request q;

	(void)state;
	started();
	sdhost_fake.gap = 100000;
	prepare(&q, BLOCK_READ, 5, 20);
	assert_int_equal(block_submit(disk, &q.r), OK);
	run(1000);
	assert_true((bcm2835_dma_fake.cs & 1) != 0);
	block_stop(disk);
	assert_int_equal(q.result, ERR_CLOSED);
	assert_false((bcm2835_dma_fake.cs & 1) != 0);
}

/* Allwinner's: no faster than 24 MHz, of which it makes every clock. */
static void clocks_of_sunxi_mmc(void **state)
{
	(void)state;
	started();
	assert_int_equal(sunxi_mmc_fake.hz, 24000000);
	block_stop(disk);
	assert_int_equal(sunxi_mmc_fake.regs[MMC_FAKE_MODULE / 4 - MMC_FAKE_BASE / 4], 0);
}

static void more_than_a_descriptor_names(void **state)
{
	(void)state;
	started();
	assert_int_equal(transfer(BLOCK_READ, 7, SECTORS_MAX), OK);
	assert_memory_equal(memory, &sd_fake.memory[7 * SECTOR], sizeof(memory));
	memset(memory, 0x77, sizeof(memory));
	assert_int_equal(transfer(BLOCK_WRITE, 100, SECTORS_MAX), OK);
	assert_memory_equal(memory, &sd_fake.memory[100 * SECTOR], sizeof(memory));
}

static void data_that_are_in_memory_later(void **state)
{
	(void)state;
	started();
	sunxi_mmc_fake.dma_late = 3;
	assert_int_equal(transfer(BLOCK_READ, 7, 20), OK);
	assert_memory_equal(memory, &sd_fake.memory[7 * SECTOR], 20 * SECTOR);
	sunxi_mmc_fake.busy_left = 5;
	assert_int_equal(transfer(BLOCK_WRITE, 7, 20), OK);
}

static void its_dma_fails(void **state)
{
	(void)state;
	started();
	sunxi_mmc_fake.dma_fails = true;
	assert_int_equal(transfer(BLOCK_READ, 5, 20), ERR_IO);
	sunxi_mmc_fake.dma_fails = false;
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
}

/* It says that they are all there, and its DMA does not: nobody is given what was there before. */
static void data_that_are_announced_and_do_not_come(void **state)
{
	(void)state;
	started();
	sunxi_mmc_fake.ends_early = true;
	assert_int_not_equal(transfer(BLOCK_READ, 5, 20), OK);
	sunxi_mmc_fake.ends_early = false;
}

static void it_takes_no_command(void **state)
{
	uint64_t before = sd_machine.now_us;

	(void)state;
	sunxi_mmc_fake.never_takes = true;
	assert_int_equal(block_start(disk), ERR_TIMEOUT);
	assert_in_range(sd_machine.now_us - before, 0, 3 * US_PER_S);
	sunxi_mmc_fake.never_takes = false;
	started();
	sunxi_mmc_fake.never_takes = true;
	assert_int_not_equal(transfer(BLOCK_READ, 5, 20), OK);
	sunxi_mmc_fake.never_takes = false;
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
}

static void its_reset_does_not_end(void **state)
{
	uint64_t before = sd_machine.now_us;

	(void)state;
	sunxi_mmc_fake.never_resets = true;
	assert_int_equal(block_start(disk), ERR_TIMEOUT);
	assert_in_range(sd_machine.now_us - before, 0, US_PER_S);
	assert_true(sd_machine_is_quiet());
	sunxi_mmc_fake.never_resets = false;
	started();
	sunxi_mmc_fake.never_resets = true;
	assert_int_not_equal(transfer(BLOCK_READ, 5, 20), OK);
	sunxi_mmc_fake.never_resets = false;
	assert_int_equal(block_start(disk), OK);
	assert_int_equal(transfer(BLOCK_READ, 5, 20), OK);
}

static void nothing_comes_of_a_command(void **state)
{
	(void)state;
	started();
	sunxi_mmc_fake.silent = true;
	assert_int_not_equal(transfer(BLOCK_READ, 5, 20), OK);
	sunxi_mmc_fake.silent = false;
	sunxi_mmc_fake.damages_answers = true;
	assert_int_not_equal(block_start(disk), OK);
	sunxi_mmc_fake.damages_answers = false;
	assert_int_equal(block_start(disk), OK);
}

#define STANDARD(test) cmocka_unit_test_setup_teardown(test, set_up_standard, tear_down)
#define SDHOST(test)   cmocka_unit_test_setup_teardown(test, set_up_sdhost, tear_down)
#define DMA(test)      cmocka_unit_test_setup_teardown(test, set_up_sdhost_dma, tear_down)
#define SUNXI(test)    cmocka_unit_test_setup_teardown(test, set_up_sunxi_mmc, tear_down_sunxi_mmc)

int run_host_tests(void)
{
	const struct CMUnitTest tests[] = {
		STANDARD(a_standard_controller),
		STANDARD(without_high_speed),
		STANDARD(of_version_2_it_divides_by_powers_of_two),
		STANDARD(what_it_cannot),
		STANDARD(it_sees_that_there_is_no_card),
		STANDARD(a_reset_that_does_not_end),
		STANDARD(less_data_than_asked_for),
		SDHOST(gaps_between_blocks),
		SDHOST(a_state_that_has_to_be_forced),
		DMA(gaps_between_blocks),
		DMA(a_state_that_has_to_be_forced),
		DMA(dma_moves_several_blocks),
		DMA(dma_that_fails),
		DMA(dma_ends_with_the_command),
		SUNXI(clocks_of_sunxi_mmc),
		SUNXI(more_than_a_descriptor_names),
		SUNXI(data_that_are_in_memory_later),
		SUNXI(its_dma_fails),
		SUNXI(data_that_are_announced_and_do_not_come),
		SUNXI(it_takes_no_command),
		SUNXI(its_reset_does_not_end),
		SUNXI(nothing_comes_of_a_command),
	};
	return cmocka_run_group_tests_name("hosts", tests, NULL, NULL);
}
