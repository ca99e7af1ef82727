MODULES                            += drivers/block/virtio_blk
drivers/block/virtio_blk.sources   := virtio_blk.c virtio_blk_queue.c
drivers/block/virtio_blk.requires  := arch/include base drivers/virtio hal
