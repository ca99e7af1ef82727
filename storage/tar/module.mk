MODULES              += storage/tar
storage/tar.sources  := tar.c tar_format.c tar_index.c
storage/tar.requires := base hal
