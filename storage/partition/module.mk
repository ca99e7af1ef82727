MODULES                    += storage/partition
storage/partition.sources  := gpt.c mbr.c partition.c scan.c table.c
storage/partition.requires := base hal
