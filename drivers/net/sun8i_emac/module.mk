MODULES                         += drivers/net/sun8i_emac
drivers/net/sun8i_emac.sources  := sun8i_emac.c sun8i_emac_mac.c sun8i_emac_rx.c sun8i_emac_tx.c
drivers/net/sun8i_emac.requires := base hal arch/include drivers/dma/dma_sync drivers/net/mac drivers/net/phy
