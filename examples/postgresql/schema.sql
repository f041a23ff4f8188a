-- What the core system knows of each facility. Ids compare byte by byte, as Rollcall's own do.
create table if not exists facility_status (
  region     text collate "C" not null,
  facility   text collate "C" not null,
  status     text not null check (status in ('online', 'offline')),
  reason     text not null,
  since      timestamptz not null,
  decided_at timestamptz not null,
  -- Which change this is: the life of the region's log, then the number within it. Both only ever grow.
  epoch      bigint not null,
  version    bigint not null,
  primary key (region, facility)
);

-- What became of each facility; a change has one row, however often it was told.
create table if not exists facility_transition (
  region     text collate "C" not null,
  facility   text collate "C" not null,
  epoch      bigint not null,
  version    bigint not null,
  status     text not null,
  reason     text not null,
  since      timestamptz not null,
  decided_at timestamptz not null,
  primary key (region, facility, epoch, version)
);
