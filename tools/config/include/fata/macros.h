/* SPDX-License-Identifier: ISC */
/*
 * How the language of config.h notes the place of each call and takes handles of any type.
 */
#ifndef FATA_MACROS_H
#define FATA_MACROS_H

void fata_enter(const char *file, unsigned line);
void fata_leave(void);

static inline void fata_leave_scope(const char *scope)
{
	(void)scope;
	fata_leave();
}

/*
 * The value of CALL, if it has one, which is evaluated with this line as the one to blame. Places
 * nest, since arguments are calls themselves: fata_enter() and fata_leave() keep a stack of them.
 */
#define FATA_HERE(CALL)                                                                            \
	({                                                                                         \
		__attribute__((cleanup(fata_leave_scope)))                                         \
		const char fata_scope = (fata_enter(__FILE__, __LINE__), 0);                       \
		CALL;                                                                              \
	})
#define FATA_DO(CALL) FATA_HERE(CALL)

/* Formats a text that lives until the program ends. */
const char *fata_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* M(x) for each argument, up to 80, each followed by a comma. */
#define FATA_PARENTHESES          ()
#define FATA_EXPAND(...)          FATA_EXPAND_3(FATA_EXPAND_3(FATA_EXPAND_3(FATA_EXPAND_3(__VA_ARGS__))))
#define FATA_EXPAND_3(...)        FATA_EXPAND_2(FATA_EXPAND_2(FATA_EXPAND_2(FATA_EXPAND_2(__VA_ARGS__))))
#define FATA_EXPAND_2(...)        FATA_EXPAND_1(FATA_EXPAND_1(FATA_EXPAND_1(FATA_EXPAND_1(__VA_ARGS__))))
#define FATA_EXPAND_1(...)        __VA_ARGS__
#define FATA_EACH(M, ...)         __VA_OPT__(FATA_EXPAND(FATA_EACH_STEP(M, __VA_ARGS__)))
#define FATA_EACH_STEP(M, X, ...) M(X), __VA_OPT__(FATA_EACH_AGAIN FATA_PARENTHESES(M, __VA_ARGS__))
#define FATA_EACH_AGAIN()         FATA_EACH_STEP

/* The nodes of handles of any types, of keys, of a job; of an empty handle NULL. */
#define FATA_NODE_OF(HANDLE) (HANDLE).node
#define FATA_KEY_NODE(KEY)   _Generic((KEY), struct fata_key_handle : (KEY)).node
#define FATA_JOB_NODE(JOB)   _Generic((JOB), job_t : (JOB)).node
#define FATA_NODES(...)      ((struct fata_node *const[]){FATA_EACH(FATA_NODE_OF, __VA_ARGS__) FATA_END})
#define FATA_KEY_NODES(...)                                                                        \
	((struct fata_node *const[]){FATA_EACH(FATA_KEY_NODE, __VA_ARGS__) FATA_END})
/* What is behind the last of such an array. */
#define FATA_END (&fata_end)
extern struct fata_node fata_end;

#define FATA_KEY(TYPE, NAME, INITIAL, HELP, ...)                                                   \
	FATA_HERE(((struct fata_key_handle){fata_key((TYPE), (NAME), (INITIAL), (HELP),            \
						     &(struct fata_key_options){__VA_ARGS__})}))

#endif
