/* SPDX-License-Identifier: ISC */
/* Chains of clusters: to read, to make, to free. */
#include <string.h>

#include "storage/fat/fat_disk.h"
#include "storage/fat/volume.h"

/* --- reading ---------------------------------------------------------------------------------- */

void fat_forget_places(struct fat_volume *v)
{
	memset(v->file_place, 0, sizeof(v->file_place));
	v->folder_place = (struct fat_place){0};
}

enum err fat_chain_seek(struct fat_volume *v, struct fat_place *place, uint32_t first, uint32_t n,
			uint32_t *cluster)
{
	if (!fat_has_cluster(v, first) || n >= v->clusters)
		return fat_damaged(v);
	if (place->first != first || place->n > n)
		*place = (struct fat_place){.first = first, .cluster = first};
	while (place->n < n) {
		uint32_t next;
		enum err e = fat_table_get(v, place->cluster, &next);

		if (e != OK)
			return e;
		if (next == FAT_NEXT_END)
			return ERR_EOF;
		if (!fat_has_cluster(v, next))
			return fat_damaged(v);
		place->cluster = next;
		place->n++;
	}
	*cluster = place->cluster;
	return OK;
}

/* How many clusters lie one behind the other from the place, as far as `want`, and moves there. */
static enum err contiguous(struct fat_volume *v, struct fat_place *place, uint32_t want,
			   uint32_t *n)
{
	for (*n = 1; *n < want; ++*n) {
		uint32_t next;
		enum err e = fat_table_get(v, place->cluster, &next);

		if (e != OK)
			return e;
		if (next != place->cluster + 1 || !fat_has_cluster(v, next))
			return OK;
		place->cluster = next;
		place->n++;
	}
	return OK;
}

/* Copies from a run of sectors: whole ones straight, parts by way of memory. */
static enum err read_run(struct fat_volume *v, uint32_t sector, uint32_t offset, uint8_t *out,
			 size_t len)
{
	while (len > 0) {
		uint32_t whole = (uint32_t)(len >> v->sector_shift);
		enum err e;
		size_t n;

		sector += offset >> v->sector_shift;
		offset &= v->sector_bytes - 1;
		if (offset == 0 && whole > 0) {
			n = (size_t)whole * v->sector_bytes;
			e = fat_cache_clean(v, sector, whole);
			if (e == OK)
				e = fat_disk_read(v, sector, whole, out);
		} else {
			uint8_t *bytes;

			n = MIN(len, v->sector_bytes - offset);
			e = fat_cache_get(v, sector, &bytes);
			if (e == OK)
				memcpy(out, &bytes[offset], n);
		}
		if (e != OK)
			return e;
		out += n;
		len -= n;
		offset += (uint32_t)n;
	}
	return OK;
}

/*
 * Of the places that are known the nearest in front of cluster `n`, so that each of several readers
 * finds its own; else the one that was not asked for longest. It becomes the first.
 */
static struct fat_place *place_near(struct fat_volume *v, uint32_t first, uint32_t n)
{
	struct fat_place found = {0}, *p = v->file_place;
	unsigned best = FAT_PLACES - 1;

	for (unsigned i = 0; i < FAT_PLACES; i++) {
		if (p[i].first == first && p[i].n <= n && p[i].n >= found.n) {
			found = p[i];
			best = i;
		}
	}
	memmove(&p[1], p, best * sizeof(*p));
	*p = found;
	return p;
}

enum err fat_chain_read(struct fat_volume *v, uint32_t first, uint32_t offset, void *out,
			size_t len)
{
	uint32_t cluster_bytes = fat_cluster_bytes(v);
	unsigned shift = v->sector_shift + v->cluster_shift;
	uint8_t *to = out;

	while (len > 0) {
		uint32_t n = offset >> shift, start, run;
		uint32_t within = offset & (cluster_bytes - 1);
		uint64_t want = (within + (uint64_t)len + cluster_bytes - 1) >> shift;
		struct fat_place *place = place_near(v, first, n);
		enum err e = fat_chain_seek(v, place, first, n, &start);

		if (e == ERR_EOF)
			return fat_damaged(v); /* its entry says that there is more */
		if (e == OK)
			e = contiguous(v, place, (uint32_t)MIN(want, v->clusters), &run);
		if (e != OK)
			return e;
		size_t bytes = (size_t)MIN((uint64_t)len, (uint64_t)run * cluster_bytes - within);
		e = read_run(v, fat_sector_of(v, start), within, to, bytes);
		if (e != OK)
			return e;
		to += bytes;
		len -= bytes;
		offset += (uint32_t)bytes;
	}
	return OK;
}

/* --- making ----------------------------------------------------------------------------------- */

/* The first free cluster from `from` on, around the end. ERR_NOSPACE. */
static enum err find_free(struct fat_volume *v, uint32_t from, uint32_t *out)
{
	uint32_t cluster = fat_has_cluster(v, from) ? from : 2;

	if (v->n_free == 0 && v->is_counted)
		return ERR_NOSPACE;
	for (uint32_t i = 0; i < v->clusters; i++) {
		uint32_t next;
		enum err e = fat_table_get(v, cluster, &next);

		if (e != OK)
			return e;
		if (next == FAT_NEXT_FREE) {
			*out = cluster;
			return OK;
		}
		cluster = fat_has_cluster(v, cluster + 1) ? cluster + 1 : 2;
	}
	return ERR_NOSPACE;
}

static enum err take(struct fat_volume *v, uint32_t cluster, uint32_t before)
{
	enum err e = fat_table_set(v, cluster, FAT_NEXT_END);

	if (e != OK)
		return e;
	if (v->n_free != UINT32_MAX)
		v->n_free--;
	v->next_free = cluster + 1;
	fat_cache_forget(v, fat_sector_of(v, cluster), UINT32_C(1) << v->cluster_shift);
	if (before == 0)
		return OK;
	e = fat_table_set(v, before, cluster);
	return e;
}

/* Those that are only waiting for a flush to be free are taken as well, when there are no others.
 */
static enum err find_some(struct fat_volume *v, uint32_t from, uint32_t *out)
{
	enum err e = find_free(v, from, out);

	if (e != ERR_NOSPACE || v->n_unlinked == 0)
		return e;
	e = fat_settle(v);
	return e == OK ? find_free(v, from, out) : e;
}

enum err fat_chain_grow(struct fat_volume *v, uint32_t after, uint32_t want, uint32_t *first,
			uint32_t *n)
{
	enum err e = find_some(v, after != 0 ? after + 1 : v->next_free, first);
	uint32_t last = after;

	*n = 0;
	while (e == OK) {
		uint32_t cluster = *first + *n, next;

		e = take(v, cluster, last);
		if (e != OK)
			return e;
		last = cluster;
		if (++*n == want || !fat_has_cluster(v, last + 1))
			return OK;
		e = fat_table_get(v, last + 1, &next);
		if (e == OK && next != FAT_NEXT_FREE)
			return OK;
	}
	return e;
}

/* Writes into clusters that lie in a row, from a byte of them on. */
static enum err write_run(struct fat_volume *v, uint32_t sector, uint32_t offset,
			  const uint8_t *from, size_t len)
{
	while (len > 0) {
		uint32_t whole = (uint32_t)(len >> v->sector_shift);
		enum err e;
		size_t n;

		sector += offset >> v->sector_shift;
		offset &= v->sector_bytes - 1;
		if (offset == 0 && whole > 0) {
			n = (size_t)whole * v->sector_bytes;
			fat_cache_forget(v, sector, whole);
			e = fat_disk_write(v, sector, whole, from);
		} else {
			uint8_t *bytes;

			n = MIN(len, v->sector_bytes - offset);
			e = offset == 0 ? fat_cache_new(v, sector, &bytes)
					: fat_cache_get(v, sector, &bytes);
			if (e == OK) {
				memcpy(&bytes[offset], from, n);
				fat_cache_changed(v, bytes, FAT_SLOT_EARLY);
			}
		}
		if (e != OK)
			return e;
		from += n;
		len -= n;
		offset += (uint32_t)n;
	}
	return OK;
}

/* Bytes that go into the last cluster, or into new ones in a row behind it. */
static enum err append_run(struct fat_volume *v, struct fat_tail *tail, const uint8_t *bytes,
			   size_t len, size_t *done)
{
	uint32_t cluster_bytes = fat_cluster_bytes(v), within = tail->bytes & (cluster_bytes - 1);
	uint32_t start = tail->last, n = 1;

	if (within == 0) {
		uint64_t want = ((uint64_t)len + cluster_bytes - 1) >>
				(v->sector_shift + v->cluster_shift);
		enum err e =
			fat_chain_grow(v, tail->last, (uint32_t)MIN(want, UINT32_MAX), &start, &n);

		if (n > 0) { /* even after an error, so that they are freed */
			tail->first = tail->first != 0 ? tail->first : start;
			tail->last = start + n - 1;
		}
		if (e != OK)
			return e;
	}
	*done = (size_t)MIN((uint64_t)len, (uint64_t)n * cluster_bytes - within);
	return write_run(v, fat_sector_of(v, start), within, bytes, *done);
}

enum err fat_tail_append(struct fat_volume *v, struct fat_tail *tail, const void *bytes, size_t len)
{
	const uint8_t *from = bytes;

	if (len > UINT32_MAX - tail->bytes)
		return ERR_NOSPACE; /* no file is as long */
	while (len > 0) {
		size_t done;
		enum err e = append_run(v, tail, from, len, &done);

		if (e != OK)
			return e;
		tail->bytes += (uint32_t)done;
		from += done;
		len -= done;
	}
	return OK;
}

/* --- freeing ---------------------------------------------------------------------------------- */

enum err fat_chain_free(struct fat_volume *v, uint32_t first)
{
	fat_forget_places(v);
	/* Each step frees a cluster: a cycle ends where it began. */
	while (first != 0) {
		uint32_t next;
		enum err e;

		if (!fat_has_cluster(v, first))
			return fat_damaged(v);
		e = fat_table_get(v, first, &next);
		if (e == OK && (next == FAT_NEXT_FREE || next == FAT_NEXT_BAD))
			return fat_damaged(v);
		if (e == OK)
			e = fat_table_set(v, first, FAT_NEXT_FREE);
		if (e != OK)
			return e;
		if (v->n_free != UINT32_MAX)
			v->n_free++;
		fat_cache_forget(v, fat_sector_of(v, first), UINT32_C(1) << v->cluster_shift);
		first = next == FAT_NEXT_END ? 0 : next;
	}
	return OK;
}

enum err fat_settle(struct fat_volume *v)
{
	enum err e = fat_commit(v);

	if (e == OK)
		e = fat_disk_flush(v);
	while (e == OK && v->n_unlinked > 0)
		e = fat_chain_free(v, v->unlinked[--v->n_unlinked]);
	return e;
}

enum err fat_chain_unlink(struct fat_volume *v, uint32_t first)
{
	if (first == 0)
		return OK;
	if (v->n_unlinked == FAT_UNLINKED) {
		enum err e = fat_settle(v);

		if (e != OK)
			return e;
	}
	v->unlinked[v->n_unlinked++] = first;
	return OK;
}
