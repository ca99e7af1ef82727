MODULES                    += drivers/net/virtio_net
drivers/net/virtio_net.sources  := virtio_net.c virtio_net_rx.c virtio_net_tx.c
drivers/net/virtio_net.requires := arch/include base drivers/net/vnet drivers/virtio hal
