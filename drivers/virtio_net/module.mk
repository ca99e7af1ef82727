MODULES                    += drivers/virtio_net
drivers/virtio_net.sources  := virtio_net.c virtio_net_rx.c virtio_net_tx.c
drivers/virtio_net.requires := arch/include base drivers/virtio hal
