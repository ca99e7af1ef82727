/* SPDX-License-Identifier: ISC */
/* The controller: reset, MAC, DMA engines. */
#include "drivers/net/genet/genet_internal.h"

enum {
	STEP_US = 10,       /* between the steps of a reset */
	STOP_US = 5000,     /* of a DMA engine, which first ends what it is at */
	RX_DRAIN_US = 1000, /* from the MAC's end to that of the last frame's DMA */
	FRAME_BYTES_MAX = 1536,
};

enum err genet_identify(struct mac *m)
{
	uint32_t major = genet_read(genet_of(m), SYS_REVISION) >> SYS_REVISION_MAJOR_SHIFT;

	return (major & SYS_REVISION_MAJOR) == SYS_REVISION_V5 ? OK : ERR_NODEV;
}

static enum err stop_engine(const struct genet *g, uint32_t dma)
{
	genet_write(g, DMA_CONTROL(dma), 0);
	return mac_wait(&g->mac, g->config.base + DMA_STATE(dma), DMA_STATE_STOPPED,
			DMA_STATE_STOPPED, STOP_US);
}

enum err genet_halt(struct mac *m)
{
	struct genet *g = genet_of(m);
	enum err tx, rx;

	genet_write(g, INTR_MASK_SET, UINT32_MAX);
	genet_write(g, INTR1_MASK_SET, UINT32_MAX);
	genet_write(g, UMAC_COMMAND, genet_read(g, UMAC_COMMAND) & ~UMAC_COMMAND_RX);
	mac_delay(&g->mac, RX_DRAIN_US);
	tx = stop_engine(g, TDMA);
	rx = stop_engine(g, RDMA);
	genet_write(g, UMAC_COMMAND, genet_read(g, UMAC_COMMAND) & ~UMAC_COMMAND_TX);
	genet_write(g, UMAC_TX_FLUSH, 1);
	mac_delay(&g->mac, STEP_US);
	genet_write(g, UMAC_TX_FLUSH, 0);
	genet_write(g, INTR_CLEAR, UINT32_MAX);
	genet_write(g, INTR1_CLEAR, UINT32_MAX);
	return tx != OK ? tx : rx;
}

static void reset_mac(struct genet *g)
{
	genet_write(g, SYS_RBUF_FLUSH, SYS_RBUF_FLUSH_RESET);
	mac_delay(&g->mac, STEP_US);
	genet_write(g, SYS_RBUF_FLUSH, 0);
	mac_delay(&g->mac, STEP_US);
	/* The loop feeds the receiver a clock while there is none from the PHY. */
	genet_write(g, UMAC_COMMAND, 0);
	genet_write(g, UMAC_COMMAND, UMAC_COMMAND_RESET | UMAC_COMMAND_LOOP);
	mac_delay(&g->mac, STEP_US);
	genet_write(g, UMAC_COMMAND, 0);
	genet_write(g, UMAC_MIB, UMAC_MIB_RESET);
	genet_write(g, UMAC_MIB, 0);
}

void genet_reset(struct genet *g)
{
	const uint8_t *mac = g->mac.nif.mac;

	reset_mac(g);
	genet_write(g, SYS_PORT, SYS_PORT_EXTERNAL_GPHY);
	genet_write(g, UMAC_FRAME_BYTES_MAX, FRAME_BYTES_MAX);
	genet_write(g, UMAC_MAC0,
		    (uint32_t)mac[0] << 24 | (uint32_t)mac[1] << 16 | (uint32_t)mac[2] << 8 |
			    mac[3]);
	genet_write(g, UMAC_MAC1, (uint32_t)mac[4] << 8 | mac[5]);
	/* Whoever was here before may have had status blocks and checksums. */
	genet_write(g, RBUF_CONTROL,
		    (genet_read(g, RBUF_CONTROL) & ~RBUF_STATUS_BLOCK) | RBUF_ALIGN_2);
	genet_write(g, RBUF_CHECK, 0);
	genet_write(g, RBUF_TBUF_SIZE, 1);
	genet_write(g, TBUF_CONTROL, genet_read(g, TBUF_CONTROL) & ~TBUF_STATUS_BLOCK);
}

static void start_engine(const struct genet *g, uint32_t dma)
{
	genet_write(g, DMA_BURST(dma), DMA_BURST_BYTES);
	genet_write(g, DMA_CONFIG(dma), DMA_CONFIG_QUEUE);
	genet_write(g, DMA_CONTROL(dma), DMA_CONTROL_QUEUE | DMA_CONTROL_ENABLE);
}

void genet_go(struct mac *m)
{
	struct genet *g = genet_of(m);

	start_engine(g, TDMA);
	start_engine(g, RDMA);
	genet_write(g, UMAC_COMMAND,
		    genet_read(g, UMAC_COMMAND) | UMAC_COMMAND_PROMISCUOUS |
			    UMAC_COMMAND_RX_PAUSE_IGNORE | UMAC_COMMAND_TX_PAUSE_IGNORE |
			    UMAC_COMMAND_RX | UMAC_COMMAND_TX);
}
