# The tests, from the quickest to the slowest, and the checks of the source.

# What the emulator tests boot.
EMU_BOARDS := $(BOARDS)
EMU_APPS   := $(APPS)
# Applications that only the tests have.
EMU_OWN    := $(patsubst %/config.c,%,$(wildcard tests/emu/apps/*/config.c))

images:
	@for board in $(EMU_BOARDS); do for app in $(EMU_APPS); do \
	    $(MAKE) SETUP=0 BOARD=$$board APP=$$app all || exit 1; done; done

test-images: images
	@for board in $(EMU_BOARDS); do for folder in $(EMU_OWN); do \
	    $(MAKE) SETUP=0 BOARD=$$board APP_DIR=$$folder all || exit 1; done; done

emu: test-images
	@$(PYTHON) -m pytest -q -rs -p no:cacheprovider tests/emu $(if $(K),-k $(call quote,$(K)))

test-config: images
	@$(PYTHON) -m pytest -q -rs -p no:cacheprovider tests/config $(if $(K),-k $(call quote,$(K)))

check: $(CONFIG_MODULES_H)
	@tools/check $(BUILD)

format:
	@tools/sources c h | xargs clang-format -i

bench:
	@$(PYTHON) bench/bench.py $(BENCH)

bench-instructions:
	@$(PYTHON) bench/instructions.py $(BENCH)

test:
	@$(MAKE) SETUP=0 check
	@$(MAKE) SETUP=0 unit
	@$(MAKE) SETUP=0 fuzz
	@$(MAKE) SETUP=0 test-config
	@$(MAKE) SETUP=0 emu

.PHONY: images test-images test-config emu check format bench bench-instructions test
