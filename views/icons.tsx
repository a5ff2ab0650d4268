import type { ComponentChildren } from "preact";

function Icon({ children, size = 20 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      {children}
    </svg>
  );
}

/** The product's sign: a clock at four minutes past. */
export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg class="brand-mark" width={size} height={size} viewBox="0 0 28 28" aria-hidden="true">
      <circle cx="14" cy="14" r="12" />
      <path d="M14 7.5V14l4.6 3" />
    </svg>
  );
}

export const NotesIcon = () => (
  <Icon>
    <path d="M6 3.8h12v12.4l-4 4H6z" />
    <path d="M18 16.2h-4v4M9 8.5h6M9 12h4" />
  </Icon>
);

export const RemindersIcon = () => (
  <Icon>
    <circle cx="12" cy="13" r="7" />
    <path d="M12 9.2V13l2.6 1.8M4.2 6.6 7 4.2M19.8 6.6 17 4.2" />
  </Icon>
);

export const MailingsIcon = () => (
  <Icon>
    <path d="M20.5 4 3.8 10.6l6.6 2.6 2.6 6.8z" />
    <path d="m20.5 4-10.1 9.2" />
  </Icon>
);

export const InboxIcon = () => (
  <Icon>
    <path d="M4 13.5 6.4 5h11.2L20 13.5V19H4z" />
    <path d="M4 13.5h4.6l1.2 2.4h4.4l1.2-2.4H20" />
  </Icon>
);

export const OutboxIcon = () => (
  <Icon>
    <path d="M3.8 6h16.4v12H3.8z" />
    <path d="m4 6.5 8 6.5 8-6.5" />
  </Icon>
);

export const SearchIcon = () => (
  <Icon size={18}>
    <circle cx="10.5" cy="10.5" r="6" />
    <path d="m15 15 5 5" />
  </Icon>
);

export const BackIcon = () => (
  <Icon size={18}>
    <path d="m14 6-6 6 6 6" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon size={16}>
    <path d="m7 7 10 10M17 7 7 17" />
  </Icon>
);
