# Installing `fata` with what it needs of the tree to build images:
#
#   make install PREFIX=/usr/local DESTDIR=/tmp/package
#
# PREFIX/share/fata holds the sources. Nobody builds in there: what fata builds goes to the
# application's own build/, C libraries to ~/.cache/fata.

PREFIX ?= /usr/local

INSTALL_BIN    := $(DESTDIR)$(PREFIX)/bin/fata
INSTALL_SHARE  := $(DESTDIR)$(PREFIX)/share/fata
INSTALL_MAN    := $(DESTDIR)$(PREFIX)/share/man/man1/fata.1
INSTALL_BASH   := $(DESTDIR)$(PREFIX)/share/bash-completion/completions/fata
INSTALL_PARTS  := $(wildcard Makefile LICENSE base hal arch drivers runtime net storage crypto linker boards apps tools)
INSTALLED_FATA := $(BUILD)/tools/installed/fata

ifneq ($(filter install uninstall,$(GOALS)),)
ifneq ($(filter-out /%,$(PREFIX))$(words $(PREFIX)),1)
$(error PREFIX=$(PREFIX): expected one absolute path, such as /usr/local)
endif
endif

# The same program, which knows where the sources will be.
$(INSTALLED_FATA): $(FATA_OBJECTS) FORCE
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(FATA_CFLAGS) -DFATA_SHARE='"$(PREFIX)/share/fata"' -c -o $@.tree.o tools/fata/tree.c
	$(Q)$(HOST_CC) $(FATA_CFLAGS) -o $@ $(filter-out %/tools/fata/tree.o,$(FATA_OBJECTS)) $@.tree.o $(FATA_LIBS)

# A folder that no install made is left alone; one that did is made anew, so that no old file stays.
install: $(INSTALLED_FATA)
	@if [ -e $(INSTALL_SHARE) ] && [ ! -e $(INSTALL_SHARE)/INSTALLED ]; then \
	    echo '$(INSTALL_SHARE) is there and was not made by make install; remove it first' >&2; exit 1; fi
	@rm -rf $(INSTALL_SHARE)
	@install -d $(INSTALL_SHARE)
	@tar -c --exclude=__pycache__ --owner=root --group=root --mode=u+rw,go+r-w,a+X $(INSTALL_PARTS) | \
	    tar -x --no-same-owner -C $(INSTALL_SHARE)
	@echo '$(FATA_VERSION)' > $(INSTALL_SHARE)/INSTALLED
	@install -D -m 755 $(INSTALLED_FATA) $(INSTALL_BIN)
	@install -D -m 644 docs/fata.1 $(INSTALL_MAN)
	@install -D -m 644 tools/fata/fata.bash-completion $(INSTALL_BASH)
	@printf '  %-8s %s\n' INSTALL '$(INSTALL_BIN)' INSTALL '$(INSTALL_SHARE)/' INSTALL '$(INSTALL_MAN)' \
	    INSTALL '$(INSTALL_BASH)'

uninstall:
	@if [ -e $(INSTALL_SHARE)/INSTALLED ]; then rm -rf $(INSTALL_SHARE); fi
	@rm -f $(INSTALL_BIN) $(INSTALL_MAN) $(INSTALL_BASH)

.PHONY: install uninstall
